// Whose turn it is, and who finds a place.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFairQueue } from './fairQueue.ts'
import type { Job } from './job.ts'
import { roomProblem } from './queueRoom.ts'

let made = 0
function job(sessionId: number, rightId = 1, inputBytes = 10): Job {
  const payer = { sessionId: BigInt(sessionId), rightId: BigInt(rightId), lane: `${sessionId}:${rightId}` }
  return { id: `job-${made++}`, payer, inputBytes } as Job
}

function drain(queue: ReturnType<typeof createFairQueue>): readonly string[] {
  const order: string[] = []
  for (let next = queue.next(); next !== undefined; next = queue.next()) order.push(next.payer.lane)
  return order
}

describe('a queue', () => {
  it('lets sessions take turns, and within a session its rights', () => {
    const queue = createFairQueue()
    for (const one of [job(1, 1), job(1, 1), job(1, 2), job(2, 1), job(2, 1)]) queue.add(one)
    expect(drain(queue)).toEqual(['1:1', '2:1', '1:2', '2:1', '1:1'])
  })

  it('keeps count whatever comes and goes, and forgets whoever has nothing waiting', () => {
    const acts = fc.array(fc.tuple(fc.constantFrom('add', 'first', 'next', 'remove'), fc.nat(4), fc.nat(3)))
    fc.assert(
      fc.property(acts, played => {
        const queue = createFairQueue()
        const waiting = new Set<Job>()
        for (const [act, session, right] of played) {
          if (act === 'add' || act === 'first') {
            const one = job(session, right)
            waiting.add(one)
            if (act === 'add') queue.add(one)
            else queue.addFirst(one)
          } else if (act === 'next') {
            const next = queue.next()
            expect(next === undefined).toBe(waiting.size === 0)
            if (next !== undefined) expect(waiting.delete(next)).toBe(true)
          } else {
            const [some] = waiting
            if (some !== undefined) expect(queue.remove(some)).toBe(waiting.delete(some))
            expect(queue.remove(job(session, right))).toBe(false)
          }
          expect([queue.size, queue.bytes]).toEqual([waiting.size, waiting.size * 10])
          expect(new Set(queue)).toEqual(waiting)
        }
        for (const { payer } of waiting) {
          const own = [...waiting].filter(one => one.payer.sessionId === payer.sessionId)
          expect(queue.waitingOf(payer.sessionId).jobs).toBe(own.length)
        }
      }),
    )
  })
})

describe('attack: a client that opens a thousand queues', () => {
  const queueLimit = 1_000
  const asks = (queue: ReturnType<typeof createFairQueue>, sessionId: number, rightId = 1): boolean => {
    const asked = { sessionId: BigInt(sessionId), inputBytes: 10, queueLimit }
    if (roomProblem(queue, asked) !== undefined) return false
    queue.add(job(sessionId, rightId))
    return true
  }

  it('by a thousand rights of its session gets one turn in two beside a single other', () => {
    const queue = createFairQueue()
    for (let right = 0; right < 1_000; right++) asks(queue, 1, right)
    for (let at = 0; at < 5; at++) expect(asks(queue, 2)).toBe(true)
    expect(
      drain(queue)
        .slice(0, 10)
        .filter(lane => lane === '2:1'),
    ).toHaveLength(5)
  })

  it('by a session with any number of jobs leaves half of the queue to others', () => {
    const queue = createFairQueue()
    let got = 0
    for (let at = 0; at < 5_000; at++) if (asks(queue, 1)) got++
    expect(got).toBe(queueLimit / 2)
  })

  it('by many sessions that all want everything still leaves a place to whoever comes new', () => {
    const queue = createFairQueue()
    for (let round = 0; round < 50; round++) {
      for (let session = 1; session <= 400; session++) asks(queue, session)
    }
    expect(queue.size).toBeLessThan(queueLimit)
    expect(asks(queue, 9_999)).toBe(true)
    expect(drain(queue).indexOf('9999:1')).toBeLessThanOrEqual(400)
  })

  it('by inputs as large as they may be leaves room for those of others', () => {
    const queue = createFairQueue()
    const inputBytes = 10 * 1024 * 1024
    const large = { sessionId: 1n, inputBytes, queueLimit: 100_000 }
    while (roomProblem(queue, large) === undefined) queue.add(job(1, 1, inputBytes))
    expect(queue.bytes).toBeLessThanOrEqual(512 * 1024 * 1024)
    expect(roomProblem(queue, { ...large, sessionId: 2n })).toBeUndefined()
  })
})
