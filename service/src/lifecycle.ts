// Starts the parts of a daemon in order and stops them in reverse, on a signal or a failed start.
import type { Logger } from './logger.ts'
import { pressCounter } from './pressCounter.ts'

export type Part = {
  readonly name: string
  start(): Promise<void>
  /** Has a `start` that is under way, and may take long, end soon. */
  giveUp?(): void
  stop(): Promise<void>
}

/** Whatever can take up changed files without a restart, at SIGHUP. */
export type Reloadable = { readonly reload?: () => Promise<void> }

/** The parts as one: `start` undoes what it had started when a later part fails. */
export function inOrder(parts: readonly Part[], logger: Logger): Part {
  const started: Part[] = []
  let startingPart: Part | undefined
  let starting: Promise<void> | undefined
  let isStopping = false
  async function stopAll(): Promise<void> {
    for (let part = started.pop(); part !== undefined; part = started.pop()) {
      try {
        await part.stop()
      } catch (error) {
        logger.error({ error, part: part.name }, 'a part did not stop cleanly')
      }
    }
  }
  async function startAll(): Promise<void> {
    for (const part of parts) {
      // A start that takes long may be given up while it waits.
      if (isStopping) return
      startingPart = part
      try {
        await part.start()
        started.push(part)
      } catch (error) {
        if (!isStopping) await stopAll()
        throw error
      } finally {
        startingPart = undefined
      }
    }
  }
  return {
    name: 'all',
    start() {
      starting = startAll()
      return starting
    },
    async stop() {
      isStopping = true
      startingPart?.giveUp?.()
      // What it stands on stays until it has ended: it may be in the middle of a write.
      await starting?.catch(() => undefined)
      await stopAll()
    },
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one, unless it is the same press, ends the process at once. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    const press = pressCounter()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (press() === 'again') process.kill(process.pid, 'SIGKILL')
        resolve(signal)
      })
    }
  })
}
