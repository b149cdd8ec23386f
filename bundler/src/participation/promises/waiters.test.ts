import { keccak256 } from 'viem'
import { describe, expect, it } from 'vitest'
import type { KnownPromise } from './promiseStore.ts'
import { createWaiters } from './waiters.ts'

const hash = keccak256('0x01')
const promise = { promise: { userOpHash: hash } } as KnownPromise
const forever = 60_000

describe('whoever waits for a promise', () => {
  it('hears of it, and only of that of his operation', async () => {
    const waiters = createWaiters(10)
    const both = [waiters.wait(hash, forever), waiters.wait(hash, forever)]
    const other = waiters.wait(keccak256('0x02'), forever)
    waiters.tell(promise)
    expect(await Promise.all(both)).toEqual([promise, promise])
    expect(waiters.size()).toBe(1)
    waiters.stop()
    expect(await other).toBeUndefined()
  })

  it('goes with nothing when the time is over', async () => {
    const waiters = createWaiters(10)
    expect(await waiters.wait(hash, 1)).toBeUndefined()
    expect(waiters.size()).toBe(0)
  })

  it('is let go of when he hangs up', async () => {
    const waiters = createWaiters(10)
    const caller = new AbortController()
    const waiting = waiters.wait(hash, forever, caller.signal)
    expect(waiters.size()).toBe(1)
    caller.abort()
    expect(await waiting).toBeUndefined()
    expect(waiters.size()).toBe(0)
    expect(await waiters.wait(hash, forever, caller.signal)).toBeUndefined()
  })

  it('does not wait at all where too many do', async () => {
    const waiters = createWaiters(1)
    const first = waiters.wait(hash, forever)
    expect(await waiters.wait(hash, forever)).toBeUndefined()
    waiters.tell(promise)
    expect(await first).toBe(promise)
    const next = waiters.wait(hash, forever)
    waiters.tell(promise)
    expect(await next).toBe(promise)
  })
})
