import { describe, expect, it } from 'vitest'
import { createRateLimiter } from './rateLimiter.ts'

function limiterAt(options: { perSecond: number; burstSeconds?: number }) {
  let milliseconds = 1_000_000
  const limiter = createRateLimiter({ ...options, clock: { now: () => milliseconds } })
  return {
    limiter,
    wait(seconds: number) {
      milliseconds += seconds * 1000
    },
  }
}

describe('a rate limiter', () => {
  it('gives a burst, then so much a second, to each by himself', () => {
    const { limiter, wait } = limiterAt({ perSecond: 10 })
    expect(limiter.take('a', 20)).toBe(true)
    expect(limiter.take('a', 1)).toBe(false)
    expect(limiter.take('b', 20)).toBe(true)
    wait(0.5)
    expect(limiter.take('a', 5)).toBe(true)
    expect(limiter.take('a', 1)).toBe(false)
  })

  it('takes what is more than a bucket once, and then waits until it is paid', () => {
    const { limiter, wait } = limiterAt({ perSecond: 10 })
    expect(limiter.take('a', 100)).toBe(true)
    wait(8)
    expect(limiter.take('a', 1)).toBe(false)
    wait(1)
    expect(limiter.take('a', 10)).toBe(true)
  })

  it('says when what was charged afterwards is paid', () => {
    const { limiter, wait } = limiterAt({ perSecond: 100, burstSeconds: 1 })
    limiter.charge('a', 400)
    expect(limiter.secondsUntilSolvent('a')).toBe(3)
    expect(limiter.secondsUntilSolvent('b')).toBe(0)
    wait(3)
    expect(limiter.secondsUntilSolvent('a')).toBe(0)
  })

  it('takes nothing away when the clock is set back', () => {
    const { limiter, wait } = limiterAt({ perSecond: 10 })
    expect(limiter.take('a', 10)).toBe(true)
    wait(-3_600)
    expect(limiter.take('a', 10)).toBe(true)
    wait(1)
    expect(limiter.take('a', 10)).toBe(true)
  })

  it('forgets the oldest of more callers than it may remember', () => {
    const { limiter } = limiterAt({ perSecond: 1 })
    expect(limiter.take('first', 2)).toBe(true)
    for (let index = 0; index < 50_000; index++) limiter.take(`stranger ${index}`, 2)
    expect(limiter.take('stranger 49999', 1)).toBe(false)
    expect(limiter.take('first', 2)).toBe(true)
  })
})
