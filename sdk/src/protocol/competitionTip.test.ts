import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { competitionTip } from './competitionTip.ts'

const gwei = 10n ** 9n
const one = { column: 0, leastWei: gwei }
const blocks = (...each: readonly (readonly [ratio: number, tip: bigint])[]) => ({
  gasUsedRatio: each.map(([ratio]) => ratio),
  reward: each.map(([, tip]) => [tip]),
})

describe('the tip that gets into a block', () => {
  it('is the least that miners take while there is room, whatever somebody gave', () => {
    expect(competitionTip(blocks([0.01, 50n * gwei], [0.5, 90n * gwei], [0.89, 7n * gwei]), one)).toBe(gwei)
  })

  it('is what got into full blocks once more than half of them are full', () => {
    const history = blocks([1, 5n * gwei], [0.95, 9n * gwei], [0.99, 7n * gwei], [0.1, 90n * gwei])
    expect(competitionTip(history, one)).toBe(5n * gwei)
    expect(competitionTip(blocks([1, 5n * gwei], [1, 7n * gwei], [1, 9n * gwei]), one)).toBe(7n * gwei)
  })

  it('is read at the percentile that is asked for, and never below the least', () => {
    const history = { gasUsedRatio: [1, 1, 1], reward: Array(3).fill([1n, 3n * gwei]) }
    expect(competitionTip(history, one)).toBe(gwei)
    expect(competitionTip(history, { ...one, column: 1 })).toBe(3n * gwei)
    expect(competitionTip({ gasUsedRatio: [] }, one)).toBe(gwei)
    expect(competitionTip({ gasUsedRatio: [1] }, one)).toBe(gwei)
  })

  it('is moved by nobody who fills less than half of the blocks', () => {
    const block = fc.tuple(fc.double({ min: 0, max: 0.89, noNaN: true }), fc.bigInt(0n, 10n ** 12n))
    const full = fc.tuple(fc.constant(1), fc.bigInt(0n, 10n ** 12n))
    const history = fc
      .tuple(fc.array(block, { minLength: 5, maxLength: 9 }), fc.array(full, { maxLength: 4 }))
      .chain(([quiet, filled]) =>
        fc.shuffledSubarray([...quiet, ...filled], { minLength: quiet.length + filled.length }),
      )
    fc.assert(
      fc.property(history, each => {
        expect(competitionTip(blocks(...each), one)).toBe(gwei)
      }),
    )
  })
})
