// Starts the parts of a daemon in order and stops them in reverse, on a signal or a failed start.
import type { Logger } from './logger.ts'

export type Part = {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
}

/** Whatever can take up changed files without a restart, at SIGHUP. */
export type Reloadable = { readonly reload?: () => Promise<void> }

/** The parts as one: `start` undoes what it had started when a later part fails. */
export function inOrder(parts: readonly Part[], logger: Logger): Part {
  const started: Part[] = []
  let isStopping = false
  async function stop(): Promise<void> {
    isStopping = true
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
      // A start that takes long may be given up while it waits.
      if (isStopping) return await stop()
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
