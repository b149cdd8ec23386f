import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestBlockOf } from './latestBlock.ts'

const windowBlocks = 4n

/** Windows of four blocks; `leaders[w]` leads window w. */
function scheduleOf(leaders: readonly number[]) {
  const windowOf = (block: bigint) => {
    const index = block / windowBlocks
    return { index, first: index * windowBlocks, last: index * windowBlocks + windowBlocks - 1n }
  }
  return { windowOf, leaderAt: (block: bigint) => leaders[Number(windowOf(block).index)] ?? 0 }
}

const usual = { bundlerId: 7, marginBlocks: 8, neededBlocks: 1 }

describe('the block that is promised', () => {
  it('is the last of the window of the next block, and the margin, where this node leads it', () => {
    expect(latestBlockOf({ ...usual, schedule: scheduleOf([7, 1]), head: 1n })).toBe(3n + 8n)
  })

  it('is that of the next window where it leads only that', () => {
    expect(latestBlockOf({ ...usual, schedule: scheduleOf([1, 7]), head: 1n })).toBe(7n + 8n)
  })

  it('is none where it leads neither, nor while there is no table', () => {
    expect(latestBlockOf({ ...usual, schedule: scheduleOf([1, 2, 7]), head: 1n })).toBeUndefined()
    expect(latestBlockOf({ ...usual, schedule: scheduleOf([]), head: 1n })).toBeUndefined()
  })

  it('is of the window that begins, not of the one that ends with the head', () => {
    expect(latestBlockOf({ ...usual, schedule: scheduleOf([7, 1, 2]), head: 3n })).toBeUndefined()
  })

  it('leaves room for all that was promised before: else that of the next window, else none', () => {
    const schedule = scheduleOf([7, 7])
    // Blocks 2 and 3, then 4 to 7.
    expect(latestBlockOf({ ...usual, schedule, head: 1n, neededBlocks: 2 })).toBe(11n)
    expect(latestBlockOf({ ...usual, schedule, head: 1n, neededBlocks: 3 })).toBe(15n)
    expect(latestBlockOf({ ...usual, schedule, head: 1n, neededBlocks: 7 })).toBeUndefined()
  })

  it('always has room before it for the queue, in blocks that this node leads', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(7, 1), { minLength: 4, maxLength: 4 }),
        fc.bigInt(0n, 7n),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 20 }),
        (leaders, head, neededBlocks, marginBlocks) => {
          const schedule = scheduleOf(leaders)
          const latest = latestBlockOf({ ...usual, schedule, head, neededBlocks, marginBlocks })
          if (latest === undefined) return
          const last = latest - BigInt(marginBlocks)
          const own = Array.from({ length: Number(last - head) }, (_, index) => head + 1n + BigInt(index))
          const ledBlocks = own.filter(block => schedule.leaderAt(block) === 7).length
          expect(ledBlocks).toBeGreaterThanOrEqual(neededBlocks)
        },
      ),
    )
  })
})
