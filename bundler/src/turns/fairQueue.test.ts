import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFairQueue, type Path } from './fairQueue.ts'

const always = () => true

/** One job after the other, each of which takes as long as its number says. */
function serve(queue: ReturnType<typeof createFairQueue<number>>, count: number): Path[] {
  const served: Path[] = []
  for (let turn = 0; turn < count; turn++) {
    const next = queue.next(always)
    if (next === undefined) break
    served.push(next.path)
    queue.charge(next.path, next.job)
    queue.end(next.path)
  }
  return served
}

describe('a fair queue', () => {
  it('serves a newcomer next, however many of another wait', () => {
    const queue = createFairQueue<number>()
    for (let job = 0; job < 50; job++) queue.add(['flood', `sender ${job}`, ''], 100)
    serve(queue, 5)
    queue.add(['honest', 'sender', ''], 2)
    expect(serve(queue, 2).map(([caller]) => caller)).toContain('honest')
  })

  it('gives callers who always ask the same time, to within their longest job', () => {
    const cost = fc.integer({ min: 1, max: 100 })
    const costs = fc.array(fc.array(cost, { minLength: 300, maxLength: 300 }), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(costs, all => {
        const queue = createFairQueue<number>()
        for (const [caller, jobs] of all.entries()) {
          for (const job of jobs) queue.add([`${caller}`, '', ''], job)
        }
        const used = all.map(() => 0)
        for (let turn = 0; turn < 300; turn++) {
          const next = queue.next(always)
          if (next === undefined) break
          queue.charge(next.path, next.job)
          queue.end(next.path)
          used[Number(next.path[0])] = (used[Number(next.path[0])] ?? 0) + next.job
          expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(100)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('shares what a caller has among his senders, and theirs among their entities', () => {
    const queue = createFairQueue<number>()
    for (let job = 0; job < 10; job++) queue.add(['caller', 'busy', 'paymaster'], 10)
    queue.add(['caller', 'busy', 'other paymaster'], 10)
    queue.add(['caller', 'quiet', ''], 10)
    const served = serve(queue, 4).map(path => path.slice(1).join(' '))
    expect(served.slice(0, 2).sort()).toEqual(['busy paymaster', 'quiet '])
    expect(served).toContain('busy other paymaster')
  })

  it('lets nobody save up time while he asks nothing', () => {
    const queue = createFairQueue<number>()
    for (let job = 0; job < 100; job++) queue.add(['always', '', ''], 10)
    serve(queue, 50)
    for (let job = 0; job < 50; job++) queue.add(['late', '', ''], 10)
    const late = serve(queue, 20).filter(([caller]) => caller === 'late')
    expect(late.length).toBeLessThanOrEqual(11)
  })

  it('passes over those who may not begin, and takes from him who has most waiting', () => {
    const queue = createFairQueue<number>()
    queue.add(['first', '', ''], 1)
    for (const job of [2, 3]) queue.add(['second', '', ''], job)
    expect(queue.next(caller => caller !== 'first')?.job).toBe(2)
    queue.add(['second', '', ''], 4)
    expect(queue.takeFromLongest()).toEqual({ path: ['second', '', ''], job: 4 })
    expect(queue.remove(['first', '', ''], 1)).toBe(true)
    expect(queue.remove(['first', '', ''], 1)).toBe(false)
    expect(queue.waiting).toBe(1)
  })
})
