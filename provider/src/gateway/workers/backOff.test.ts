// How long a start that failed is waited for, and which workers are past hope.
import { describe, expect, it } from 'vitest'
import { createBackOff } from './backOff.ts'
import { newWorker } from './roster.ts'
import { hopeless } from './workerWatch.ts'

describe('an endpoint whose workers fail their start', () => {
  it('is tried again after twice as long each time, five minutes at most, and at once after one that worked', () => {
    let now = 0
    const backOff = createBackOff({ now: () => now })
    const pauses: number[] = []
    for (let failures = 0; failures < 12; failures++) {
      backOff.failed('a', 'the image is broken')
      const since = now
      while (!backOff.mayStart('a')) now += 1_000
      pauses.push((now - since) / 1_000)
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])
    backOff.worked('a')
    expect([backOff.mayStart('a'), backOff.problem('a')]).toEqual([true, undefined])
  })

  it('says what is wrong, how often, and when it is tried again; a full host is no failure of its own', () => {
    const backOff = createBackOff({ now: () => 0 })
    backOff.failed('a', 'the image is broken')
    backOff.full('b', 'no GPU is free')
    expect(backOff.problem('a')).toBe('the image is broken (1 in a row; tried again in 2 s)')
    expect(backOff.problem('b')).toBe('no GPU is free (tried again in 2 s)')
  })
})

describe('a worker', () => {
  const identity = { key: 'worker-a-1', endpointId: 'a', fingerprint: '' }

  it('is past hope when it does not begin, falls silent, or does not stop what it was told to stop', () => {
    const at = (milliseconds: number, change: object = {}) =>
      hopeless({ ...newWorker(identity, 'ready', 0), ...change }, milliseconds)
    expect(at(16 * 60_000, { phase: 'starting' })).toMatch(/within 15 minutes/)
    expect(at(61_000, { hasPinged: true })).toMatch(/silent for 60 s/)
    expect(at(31_000, { toldToStopAtMilliseconds: 0 })).toMatch(/did not stop a job within 30 s/)
  })

  it('that never pinged is not missed, nor is one that is only slow', () => {
    const at = (milliseconds: number, change: object = {}) =>
      hopeless({ ...newWorker(identity, 'ready', 0), ...change }, milliseconds)
    expect(at(3_600_000)).toBeUndefined()
    expect(at(14 * 60_000, { phase: 'starting' })).toBeUndefined()
    expect(at(59_000, { hasPinged: true })).toBeUndefined()
  })
})
