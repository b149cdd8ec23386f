// A token bucket per key (a caller): so much a second, with a burst of some seconds' worth. Memory and work are
// bounded: full buckets carry no information and are forgotten, and so is the oldest of too many.
import type { Clock } from '../clock.ts'

export type RateLimiter = {
  /**
   * Takes `cost` of what `key` has left, or takes nothing and answers false. What costs more than a bucket holds takes
   * a full one, and leaves a debt.
   */
  take(key: string, cost: number): boolean
  /** Takes what was not known to be spent until it was, be it more than there is. */
  charge(key: string, cost: number): void
  /** How long until something is left; 0 if there is. */
  secondsUntilSolvent(key: string): number
}

type Bucket = { readonly tokens: number; readonly atMilliseconds: number }

const defaultBurstSeconds = 2
const mostBuckets = 50_000

/** `perSecond` 0 means no limit. */
export function createRateLimiter(options: {
  perSecond: number
  burstSeconds?: number
  clock: Clock
}): RateLimiter {
  const { perSecond, clock } = options
  const capacity = perSecond * (options.burstSeconds ?? defaultBurstSeconds)
  /** The least recently used first. */
  const buckets = new Map<string, Bucket>()

  function tokensOf(bucket: Bucket | undefined, now: number): number {
    if (bucket === undefined) return capacity
    // A clock that is set back must not take away what there was.
    const elapsedSeconds = Math.max(0, now - bucket.atMilliseconds) / 1000
    return Math.min(capacity, bucket.tokens + elapsedSeconds * perSecond)
  }

  function put(key: string, bucket: Bucket): void {
    buckets.delete(key)
    buckets.set(key, bucket)
    for (const [oldest, forgotten] of buckets) {
      if (buckets.size <= mostBuckets && tokensOf(forgotten, bucket.atMilliseconds) < capacity) return
      buckets.delete(oldest)
    }
  }

  return {
    take(key, cost) {
      if (perSecond === 0) return true
      const now = clock.now()
      const tokens = tokensOf(buckets.get(key), now)
      const isAffordable = tokens >= Math.min(cost, capacity)
      put(key, { tokens: isAffordable ? tokens - cost : tokens, atMilliseconds: now })
      return isAffordable
    },
    charge(key, cost) {
      if (perSecond === 0) return
      const now = clock.now()
      put(key, { tokens: tokensOf(buckets.get(key), now) - cost, atMilliseconds: now })
    },
    secondsUntilSolvent(key) {
      if (perSecond === 0) return 0
      return Math.max(0, -tokensOf(buckets.get(key), clock.now())) / perSecond
    },
  }
}
