// The operator's own door: a Unix socket that only the account of the daemon can open. One line of JSON comes in, one
// goes out, and the answer says what holds from then on; over HTTP nothing of this is served.
import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { Part } from '../lifecycle.ts'
import type { Logger } from '../logger.ts'
import { reasonOf } from '../reasonOf.ts'

export type ControlCommand = { readonly command: string; readonly argument?: string | undefined }

export type ControlAnswer = {
  readonly ok: boolean
  /** For the person at the keyboard. */
  readonly message: string
  /** The message is for that person alone: the log has that it was given, not what it says. */
  readonly isSecret?: boolean
}

/** What it throws is answered in words, and logged. */
export type ControlHandler = (asked: ControlCommand) => Promise<ControlAnswer>

/** Of a command: an address or two. */
const mostBytes = 4_096
const mostConnections = 8
const patienceMilliseconds = 10_000
/** Linux takes 107 bytes, macOS 103. */
const longestPathBytes = 103

export function controlPathOf(dataFile: string): string {
  return `${dataFile}.control`
}

/** Only who holds the data file's lock may make one: a socket that lies there is of a process that is gone. */
export function createControlSocket(options: {
  readonly path: string
  readonly handle: ControlHandler
  readonly logger: Logger
}): Part {
  const { path, handle, logger } = options
  let server: Server | undefined

  async function answer(line: string): Promise<ControlAnswer> {
    const asked = readCommand(line)
    if (asked === undefined) return { ok: false, message: 'The command is no line of JSON with a "command"' }
    try {
      const given = await handle(asked)
      const said = given.isSecret === true ? undefined : given.message
      logger.info({ ...asked, ok: given.ok, answer: said }, 'the operator asked')
      return given
    } catch (error) {
      logger.error({ error, ...asked }, 'a command of the operator failed')
      return { ok: false, message: `${asked.command} failed: ${reasonOf(error)}` }
    }
  }

  function converse(socket: Socket): void {
    let text = ''
    let isAsked = false
    socket.setEncoding('utf8')
    socket.setTimeout(patienceMilliseconds, () => socket.destroy())
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: string) => {
      if (isAsked) return
      text += chunk
      const end = text.indexOf('\n')
      if (end === -1 && text.length <= mostBytes) return
      isAsked = true
      if (end === -1 || end > mostBytes) return socket.destroy()
      void answer(text.slice(0, end)).then(given => socket.end(`${JSON.stringify(given)}\n`))
    })
  }

  return {
    name: 'control socket',
    async start() {
      if (Buffer.byteLength(path) > longestPathBytes) {
        throw new Error(
          `the control socket ${path} has a longer path than the ${longestPathBytes} bytes that sockets may have: give a shorter one by --control-socket`,
        )
      }
      const there = lstatSync(path, { throwIfNoEntry: false })
      if (there !== undefined && !there.isSocket()) {
        throw new Error(
          `the control socket ${path} would take the place of a file: give another path by --control-socket`,
        )
      }
      rmSync(path, { force: true })
      const created = createServer(converse)
      created.maxConnections = mostConnections
      await listen(created, path)
      chmodSync(path, 0o600)
      server = created
    },
    async stop() {
      const closing = server
      server = undefined
      if (closing === undefined) return
      await new Promise<void>(resolve => closing.close(() => resolve()))
    },
  }
}

async function listen(server: Server, path: string): Promise<void> {
  // A moment between making and chmod is a moment in which others may connect: the mask leaves none.
  const mask = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reason => {
        reject(new Error(`Cannot make the control socket ${path}`, { cause: reason }))
      })
      server.listen(path, () => resolve())
    })
  } finally {
    process.umask(mask)
  }
}

function readCommand(line: string): ControlCommand | undefined {
  try {
    const { command, argument } = JSON.parse(line) as Record<string, unknown>
    if (typeof command !== 'string') return undefined
    return { command, ...(typeof argument === 'string' && { argument }) }
  } catch {
    return undefined
  }
}
