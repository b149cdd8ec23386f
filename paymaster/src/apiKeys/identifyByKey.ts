// Callers who bring a key are counted by it, whatever address they call from: the key's limits stand in the place of the
// address's, and so does its part of budgets.
import type { Clock } from '@worldland-aa/service/clock'
import type { Identify } from '@worldland-aa/service/http/credentials'
import { createRateLimiter, type RateLimiter } from '@worldland-aa/service/http/rateLimiter'
import { accept } from '@worldland-aa/service/result'
import type { ApiKeyBook } from './apiKeyBook.ts'
import { beyondLimit, judgeKey } from './judgeKey.ts'
import type { StoredKey } from './storedKey.ts'

export function createIdentifyByKey(options: {
  readonly book: Pick<ApiKeyBook, 'holderOf' | 'use'>
  /** Of a key that says nothing of it; 0 means no limit. */
  readonly callsPerSecond: number
  readonly clock: Clock
}): Identify {
  const { book, clock } = options
  const limiters = new Map<string, { readonly perSecond: number; readonly limiter: RateLimiter }>()

  /** Anew when the operator has changed how much it may. */
  function limiterOf({ id, limits }: StoredKey): RateLimiter {
    const perSecond = limits.callsPerSecond ?? options.callsPerSecond
    const known = limiters.get(id)
    if (known?.perSecond === perSecond) return known.limiter
    const limiter = createRateLimiter({ perSecond, clock })
    limiters.set(id, { perSecond, limiter })
    return limiter
  }

  return ({ key: text, origin }, address) => {
    if (text === undefined) return accept({ caller: address })
    const key = book.holderOf(text)
    const refused = judgeKey(key, 'rpc', { address, origin }, Math.floor(clock.now() / 1000))
    if (refused !== undefined || key === undefined) return refused ?? accept({ caller: address })
    return accept({
      caller: `key:${key.id}`,
      apiKeyId: key.id,
      admit(calls) {
        if (!limiterOf(key).take(key.id, calls)) {
          return beyondLimit(
            'callsPerSecond',
            'Too many calls with this API key',
            'slow down and try again in a second',
          )
        }
        if (book.use(key, calls)) return undefined
        return beyondLimit(
          'callsPerDay',
          `The API key's ${key.limits.callsPerDay} calls of today are used up`,
          'try again after midnight UTC, or ask the operator for more',
        )
      },
    })
  }
}
