// Asks a running daemon by its control socket, from a command line beside it.
import { connect } from 'node:net'
import type { ControlAnswer, ControlCommand } from './controlSocket.ts'

const patienceMilliseconds = 15_000

export type Asked = ControlAnswer & {
  /** False when no daemon did: nothing is known of what it would say. */
  readonly isAnswered: boolean
}

/** What the daemon answered, or why none did; `flag` is the one that says where its data are. */
export async function askDaemon(
  path: string,
  asked: ControlCommand,
  flag: `--${string}` = '--data-file',
): Promise<Asked> {
  return await new Promise(resolve => {
    const socket = connect(path)
    let text = ''
    const fail = (why: string): void => {
      socket.destroy()
      resolve({ ok: false, message: `Nothing was done: ${why}`, isAnswered: false })
    }
    socket.setEncoding('utf8')
    socket.setTimeout(patienceMilliseconds, () => fail(`the daemon at ${path} does not answer`))
    socket.on('connect', () => socket.write(`${JSON.stringify(asked)}\n`))
    socket.on('data', (chunk: string) => {
      text += chunk
    })
    socket.on('error', (error: NodeJS.ErrnoException) => fail(notReached(path, error, flag)))
    socket.on('end', () => {
      try {
        resolve({ ...(JSON.parse(text) as ControlAnswer), isAnswered: true })
      } catch {
        fail(`the daemon at ${path} closed without an answer`)
      }
    })
  })
}

/** Why no daemon is reached at its control socket. */
export function notReached(
  path: string,
  { code, message }: NodeJS.ErrnoException,
  flag: `--${string}`,
): string {
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return `no daemon listens at ${path}: is it running? Give the ${flag} that it was started with`
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `${path} belongs to another account: ask as the one that the daemon runs as, or as root`
  }
  return `${path} cannot be reached (${code ?? message})`
}
