// A command in a machine that is a plain process, with a terminal or without. The terminal is made by util-linux's
// `script`, for Node has none of its own and a native module would have to be compiled on the provider's machine.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { MachineSession, OpenSession, TerminalSize } from '../machineDriver.ts'
import type { HostTools } from './hostTools.ts'
import { killMembers } from './members.ts'
import { readProcesses } from './processTable.ts'

type SessionOptions = {
  readonly tools: HostTools
  readonly workspace: string
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** What ended by a signal counts as a shell counts it. */
const endedBySignal = 137
const linesAtMost = 10_000

export function openSession(
  options: SessionOptions & { readonly terminal: OpenSession['terminal'] },
): MachineSession {
  return options.terminal === undefined ? openPlain(options) : openTerminal(options, options.terminal)
}

function openPlain(options: SessionOptions): MachineSession {
  const { command, environment, workspace } = options
  const [program = '', ...args] = command
  const child = spawn(program, args, { env: environment, cwd: workspace, detached: true, stdio: 'pipe' })
  return sessionOf(child, { errors: true, resize: () => undefined })
}

function openTerminal(
  options: SessionOptions,
  terminal: TerminalSize & { readonly kind: string },
): MachineSession {
  const { tools, environment, workspace } = options
  // `script` hands its command to the shell that SHELL names.
  const shell = environment.SHELL === undefined ? 'unset SHELL' : `export SHELL=${quote(environment.SHELL)}`
  const command = options.command.map(quote).join(' ')
  const begin = `${quote(tools.stty)} ${sizeArguments(terminal).join(' ')}; unset PWD OLDPWD SHLVL; ${shell}; exec ${command}`
  const child = spawn(tools.script, ['--quiet', '--flush', '--return', '--command', begin, '/dev/null'], {
    env: { ...environment, TERM: terminal.kind, SHELL: '/bin/sh' },
    cwd: workspace,
    detached: true,
    stdio: 'pipe',
  })
  return sessionOf(child, {
    errors: false,
    resize(size) {
      const path = terminalOf(child.pid)
      if (path === undefined) return
      spawn(tools.stty, ['-F', path, ...sizeArguments(size)], { stdio: 'ignore', env: {} }).once(
        'error',
        () => undefined,
      )
    },
  })
}

function sessionOf(
  child: ChildProcessWithoutNullStreams,
  kind: { readonly errors: boolean; resize(size: TerminalSize): void },
): MachineSession {
  let isOver = false
  const ended = new Promise<number>(resolve => {
    child.once('error', () => resolve(127))
    child.once('exit', code => {
      isOver = true
      resolve(code ?? endedBySignal)
    })
  })
  // Who types on when the command has ended is told by the end of the output.
  child.stdin.on('error', () => undefined)
  return {
    input: child.stdin,
    output: child.stdout,
    errors: kind.errors ? child.stderr : undefined,
    resize(size) {
      if (!isOver) kind.resize(size)
    },
    ended,
    end() {
      if (isOver || child.pid === undefined) return
      child.stdin.destroy()
      // Its descendants as well: nobody looks at what they print from here on.
      void killMembers({ mark: undefined, leader: child.pid, keepers: [] }).catch(() => child.kill('SIGKILL'))
    },
  }
}

/** Of the command that `script` runs: its only child leads the terminal's session. */
function terminalOf(scriptPid: number | undefined): string | undefined {
  const child = readProcesses().find(({ parent, terminal }) => parent === scriptPid && terminal !== 0)
  if (child === undefined) return undefined
  // As tty_nr of proc(5) has it: the minor number lies around the major one. /dev/pts begins at 136.
  const major = (child.terminal >> 8) & 0xfff
  const minor = (child.terminal & 0xff) | ((child.terminal >>> 12) & 0xfff00)
  return major >= 136 && major < 144 ? `/dev/pts/${(major - 136) * 256 + minor}` : undefined
}

function sizeArguments({ columns, rows }: TerminalSize): readonly string[] {
  return ['rows', String(bounded(rows)), 'cols', String(bounded(columns))]
}

function bounded(count: number): number {
  return Number.isInteger(count) ? Math.min(Math.max(count, 1), linesAtMost) : 1
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
