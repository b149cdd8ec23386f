// A token bucket per key (a caller's address): so many calls a second, with a burst of two seconds' worth.
// Memory is bounded: full buckets carry no information and are forgotten.
import type { Clock } from '../clock.ts'

export type RateLimiter = {
  /** Takes `cost` tokens of `key`, or takes none and answers false. */
  take(key: string, cost: number): boolean
}

const burstSeconds = 2
const sweepAfterKeys = 10_000

/** `callsPerSecond` 0 means no limit. */
export function createRateLimiter(options: { callsPerSecond: number; clock: Clock }): RateLimiter {
  const { callsPerSecond, clock } = options
  const capacity = callsPerSecond * burstSeconds
  const buckets = new Map<string, { tokens: number; atMilliseconds: number }>()

  function refilled(bucket: { tokens: number; atMilliseconds: number }, now: number): number {
    return Math.min(capacity, bucket.tokens + ((now - bucket.atMilliseconds) / 1000) * callsPerSecond)
  }

  function sweep(now: number): void {
    for (const [key, bucket] of buckets) if (refilled(bucket, now) >= capacity) buckets.delete(key)
  }

  return {
    take(key, cost) {
      if (callsPerSecond === 0) return true
      const now = clock.now()
      if (buckets.size >= sweepAfterKeys) sweep(now)
      const bucket = buckets.get(key)
      const tokens = bucket === undefined ? capacity : refilled(bucket, now)
      const affordable = tokens >= cost
      buckets.set(key, { tokens: affordable ? tokens - cost : tokens, atMilliseconds: now })
      return affordable
    },
  }
}
