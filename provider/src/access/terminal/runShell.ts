// Joins a shell with a WebSocket: bytes one way, keys and sizes the other, each at the pace of the slower.
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { MachineSession } from '../../machines/machineDriver.ts'
import type { Release } from './heldMessages.ts'

const size = z.int().min(1).max(1_000)
const messages = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keys'), text: z.string().max(64 * 1024) }),
  z.strictObject({ kind: z.literal('size'), columns: size, rows: size }),
])
const pingMilliseconds = 30_000
const lastWordsMilliseconds = 1_000

/** Resolves when the shell has ended, be it because its page has gone. */
export async function runShell(socket: WebSocket, session: MachineSession, release: Release): Promise<void> {
  for (const stream of [session.input, session.output]) stream.on('error', () => undefined)
  session.output.on('data', (chunk: Buffer) => {
    // One piece at a time: a page that does not read must not have us keep what a machine prints.
    session.output.pause()
    socket.send(chunk, () => session.output.resume())
  })
  const written = new Promise<void>(resolve => {
    session.output.once('end', resolve)
    session.output.once('close', resolve)
    session.ended.then(() => setTimeout(resolve, lastWordsMilliseconds).unref(), resolve)
  })
  release((data, isBinary) => {
    const read = messages.safeParse(isBinary ? undefined : parse(data.toString()))
    if (!read.success) return socket.terminate()
    if (read.data.kind === 'size') return session.resize(read.data)
    if (session.input.write(read.data.text)) return
    socket.pause()
    session.input.once('drain', () => socket.resume())
  })
  let isThere = true
  socket.on('pong', () => {
    isThere = true
  })
  const pinging = setInterval(() => {
    if (!isThere) return socket.terminate()
    isThere = false
    socket.ping()
  }, pingMilliseconds).unref()
  socket.once('close', () => session.end())
  await session.ended
  await written
  clearInterval(pinging)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
