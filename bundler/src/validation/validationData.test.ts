import { describe, expect, it } from 'vitest'
import { blockIntersection, unpackValidationData } from './validationData.ts'

const flag = 1n << 47n
const word = (after: bigint, until: bigint): bigint => (after << 208n) | (until << 160n)

describe('the bounds that an account sets', () => {
  it('count blocks when both bear the flag of v0.9, also without an end', () => {
    const reading = { hasBlockRanges: true }
    expect(unpackValidationData(word(flag + 5n, flag + 9n), reading)).toEqual({
      aggregator: 0n,
      validAfter: 0,
      validUntil: 0,
      blocks: { after: 5, until: 9 },
    })
    expect(unpackValidationData(word(flag + 5n, 0n), reading).blocks?.after).toBe(5)
  })

  it('are seconds in every other case, and before v0.9', () => {
    expect(unpackValidationData(word(5n, flag + 9n), { hasBlockRanges: true }).blocks).toBeUndefined()
    expect(unpackValidationData(word(flag, flag), { hasBlockRanges: true }).blocks).toBeUndefined()
    expect(unpackValidationData(word(flag + 5n, flag + 9n), { hasBlockRanges: false })).toMatchObject({
      validAfter: Number(flag) + 5,
    })
  })

  it('hold together in the blocks that account and paymaster share', () => {
    const all = [word(flag + 5n, flag + 9n), word(flag + 7n, flag + 20n), 0n]
    const data = all.map(one => unpackValidationData(one, { hasBlockRanges: true }))
    expect(blockIntersection(data)).toEqual({ after: 7, until: 9 })
    expect(blockIntersection(data.slice(2))).toBeUndefined()
  })
})
