// Joins a command in a machine with whoever is at its other end: bytes both ways at the pace of the slower, then its exit
// code.
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { MachineSession } from '../machines/machineDriver.ts'

export type Ends = {
  readonly input: Readable
  readonly output: Writable
  readonly errors?: Writable | undefined
}

/** For what it wrote last, once it has ended; something in its background may hold its output open for ever. */
const lastWordsMilliseconds = 2_000

/** Its exit code, when all that it wrote was handed on. */
export async function joinSession(session: MachineSession, { input, output, errors }: Ends): Promise<number> {
  // A peer that breaks off, or a command that ends while it is written to, is no mishap.
  for (const stream of [session.input, session.output, session.errors]) stream?.on('error', () => undefined)
  input.pipe(session.input)
  const streams = [handOn(session.output, output)]
  if (session.errors !== undefined) streams.push(handOn(session.errors, errors ?? output))
  const code = await session.ended
  await Promise.race([Promise.all(streams), pause(lastWordsMilliseconds)])
  input.unpipe(session.input)
  return code
}

async function handOn(from: Readable, to: Writable): Promise<void> {
  from.pipe(to, { end: false })
  if (from.readableEnded || from.destroyed) return
  await Promise.race([once(from, 'end'), once(from, 'close')]).catch(() => undefined)
}
