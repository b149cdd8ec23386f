// Keys that were met of late, each for a while, never more than so many.
import type { Clock } from '@worldland-aa/service/clock'

export type RecentKeys = {
  add(key: string): void
  has(key: string): boolean
  /** Answers whether it was there. */
  take(key: string): boolean
}

export function createRecentKeys(options: {
  readonly milliseconds: number
  readonly most: number
  readonly clock: Clock
}): RecentKeys {
  const { milliseconds, most, clock } = options
  /** The oldest first. */
  const until = new Map<string, number>()
  const has = (key: string): boolean => (until.get(key) ?? 0) > clock.now()
  return {
    add(key) {
      until.delete(key)
      until.set(key, clock.now() + milliseconds)
      const [oldest] = until.keys()
      if (until.size > most && oldest !== undefined) until.delete(oldest)
    },
    has,
    take(key) {
      const isThere = has(key)
      until.delete(key)
      return isThere
    },
  }
}
