// Ends a command in a container with all that it runs, which no engine does by itself. Root finds them among the processes
// of this host; anyone else asks the container's own shell, which is at worst deaf to what happens in its own container.
import type Docker from 'dockerode'
import { killMembers, membersOf } from '../process/members.ts'

export const markName = 'WORLDLAND_SESSION'

/** `tr`, for there is no other way to read zero bytes. It carries no mark itself. */
const script = `for folder in /proc/[0-9]*; do
  case "$(tr '\\0' '\\n' < "$folder/environ" 2> /dev/null)" in *"${markName}=$1"*) kill -KILL "\${folder#/proc/}" 2> /dev/null ;; esac
done`

export async function endMarked(container: Docker.Container, mark: string): Promise<void> {
  const family = { mark: `${markName}=${mark}`, leader: undefined, keepers: [] }
  if (membersOf(family).length > 0) await killMembers(family)
  else await endFromWithin(container, mark)
}

export async function endFromWithin(container: Docker.Container, mark: string): Promise<void> {
  const exec = await container.exec({ Cmd: ['/bin/sh', '-c', script, 'sh', mark], AttachStdout: true })
  const stream = await exec.start({ hijack: true, stdin: false })
  for await (const _ of stream);
}
