// Starts the parts of a daemon in order and stops them in reverse, on a signal or a failed start.
import type { Logger } from './logger.ts'

export type Part = {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
}

/** The parts as one: `start` undoes what it had started when a later part fails. */
export function inOrder(parts: readonly Part[], logger: Logger): Part {
  const started: Part[] = []
  async function stop(): Promise<void> {
    for (let part = started.pop(); part !== undefined; part = started.pop()) {
      try {
        await part.stop()
      } catch (error) {
        logger.error({ error, part: part.name }, 'a part did not stop cleanly')
      }
    }
  }
  async function start(): Promise<void> {
    for (const part of parts) {
      try {
        await part.start()
      } catch (error) {
        await stop()
        throw error
      }
      started.push(part)
    }
  }
  return { name: 'all', start, stop }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.kill(process.pid, 'SIGKILL')
        asked = true
        resolve(signal)
      })
    }
  })
}
