// Callers who wait a moment for a promise: bounded in number and time, and let go of when they are gone.
import type { Hash } from 'viem'
import type { KnownPromise } from './promiseStore.ts'

export type Waiters = {
  /** Undefined when none came in time, too many wait already, or the caller is gone. */
  wait(hash: Hash, timeoutMilliseconds: number, signal?: AbortSignal): Promise<KnownPromise | undefined>
  tell(promise: KnownPromise): void
  size(): number
  /** Lets everybody go. */
  stop(): void
}

type Waiter = (promise: KnownPromise | undefined) => void

export function createWaiters(mostWaiters: number): Waiters {
  const waiting = new Map<Hash, Set<Waiter>>()
  let count = 0

  function enter(hash: Hash, waiter: Waiter): void {
    const others = waiting.get(hash) ?? new Set()
    waiting.set(hash, others.add(waiter))
    count++
  }

  function leave(hash: Hash, waiter: Waiter): void {
    const others = waiting.get(hash)
    if (others?.delete(waiter) !== true) return
    count--
    if (others.size === 0) waiting.delete(hash)
  }

  return {
    wait(hash, timeoutMilliseconds, signal) {
      if (timeoutMilliseconds <= 0 || count >= mostWaiters || signal?.aborted === true)
        return Promise.resolve(undefined)
      return new Promise(resolve => {
        const end: Waiter = promise => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', giveUp)
          leave(hash, end)
          resolve(promise)
        }
        const giveUp = (): void => end(undefined)
        const timer = setTimeout(giveUp, timeoutMilliseconds)
        signal?.addEventListener('abort', giveUp, { once: true })
        enter(hash, end)
      })
    },
    tell(promise) {
      for (const waiter of [...(waiting.get(promise.promise.userOpHash) ?? [])]) waiter(promise)
    },
    size: () => count,
    stop() {
      for (const waiters of [...waiting.values()]) for (const waiter of [...waiters]) waiter(undefined)
    },
  }
}
