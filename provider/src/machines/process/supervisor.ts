// The shell that looks after one machine while no daemon does: it keeps what the machine prints within bounds, and writes
// down how it ended. The machine runs in a session of its own, so that signals meant for it leave the supervisor alone.
import { spawn } from 'node:child_process'
import type { HostTools } from './hostTools.ts'
import type { MachineFolder } from './machineFolder.ts'

/** Two files of it are kept. */
const logFileBytes = 8 * 1024 * 1024

/** What the shell itself puts into the environment of its children is taken out again: it is not what was asked for. */
const script = `
set -C
state=$1 setsid=$2 env=$3 split=$4
shift 4
note() { read -r boot < /proc/sys/kernel/random/boot_id; read -r line < /proc/$$/stat; printf '%s\\n%s\\n' "$boot" "$line" > "$state/$1"; }
note supervisor || exit 1
cd "$state/workspace" || exit 1
{
  "$setsid" --wait /bin/sh -c '
    read -r boot < /proc/sys/kernel/random/boot_id
    read -r line < /proc/$$/stat
    printf "%s\\n%s\\n" "$boot" "$line" > "$0/leader"
    unset PWD OLDPWD SHLVL boot line
    exec "$@"
  ' "$state" "$@"
  code=$?
  { read -r boot; read -r pid rest; } < "$state/leader"
  kill -KILL -- "-$pid" 2> /dev/null
  printf '%s\\n' "$code" > "$state/exit-code"
} 2>&1 | "$env" -i PATH=/usr/bin:/bin LOG="$state/output.log" "$split" --bytes=${logFileBytes} --suffix-length=9 \\
  --filter='if [ -e "$LOG" ]; then mv -f "$LOG" "$LOG.1"; fi; exec cat > "$LOG"' -
`

/** Resolves with the reason when it ends; the daemon may be gone by then. */
export function superviseMachine(options: {
  readonly folder: MachineFolder
  readonly tools: HostTools
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}): { readonly ended: Promise<string> } {
  const { folder, tools, command, environment } = options
  const child = spawn(
    '/bin/sh',
    ['-c', script, 'worldland-machine', folder.path, tools.setsid, tools.env, tools.split, ...command],
    { detached: true, env: environment, cwd: folder.workspace, stdio: 'ignore' },
  )
  child.unref()
  return {
    ended: new Promise(resolve => {
      child.once('error', error => resolve(error.message))
      child.once('exit', code => resolve(`its supervisor ended with ${code}`))
    }),
  }
}
