// One command in a machine, with bounds on its time and on what is remembered of what it prints.
import type { Readable } from 'node:stream'
import type { MachineDriver, MachineRefusal } from '../machines/machineDriver.ts'
import type { Outcome } from '../outcome.ts'

export type CommandEnd = {
  readonly exitCode: number
  /** The end of it; errors among it. */
  readonly output: string
  readonly isOverdue: boolean
}

const mostOutputCharacters = 16_384

/** Ends early with `signal`. */
export async function runCommand(
  driver: MachineDriver,
  options: {
    readonly key: string
    readonly command: readonly string[]
    readonly mostSeconds: number
    readonly signal: AbortSignal
  },
): Promise<Outcome<CommandEnd, MachineRefusal>> {
  const { key, command, mostSeconds, signal } = options
  const opened = await driver.open(key, { command })
  if (!opened.ok) return opened
  const session = opened.value
  let output = ''
  const remember = (stream: Readable | undefined): void => {
    const decoder = new TextDecoder()
    stream?.on('data', (piece: Uint8Array) => {
      output = (output + decoder.decode(piece, { stream: true })).slice(-mostOutputCharacters)
    })
    stream?.on('error', () => undefined)
  }
  remember(session.output)
  remember(session.errors)
  session.input.on('error', () => undefined)
  session.input.end()
  let isOverdue = false
  const timer = setTimeout(() => {
    isOverdue = true
    session.end()
  }, mostSeconds * 1_000)
  const end = (): void => session.end()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  try {
    const exitCode = await session.ended
    // What it printed last may still be on its way.
    await Promise.all([drained(session.output), drained(session.errors)])
    return { ok: true, value: { exitCode, output, isOverdue } }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}

const drainMilliseconds = 1_000

/** A process that it left behind may hold the stream open for ever. */
async function drained(stream: Readable | undefined): Promise<void> {
  if (stream === undefined || stream.readableEnded || stream.destroyed) return
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, drainMilliseconds)
    stream.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
