import { describe, expect, it } from 'vitest'
import { fromActBits, rightActs, toActBits } from './rightActs.ts'
import { rootRightOf } from './rootRightOf.ts'

describe('the acts of a right', () => {
  it('are the bits of the contract', () => {
    expect(rightActs.map(act => toActBits([act]))).toEqual([1, 2, 4, 8, 16])
    expect(toActBits(['use', 'extend'])).toBe(5)
    expect(toActBits(['use', 'use'])).toBe(1)
    expect(toActBits([])).toBe(0)
  })

  it('are read back', () => {
    for (let bits = 0; bits < 32; bits++) expect(toActBits(fromActBits(bits))).toBe(bits)
  })
})

describe('the root right', () => {
  it("is the market's address and the agreement's id", () => {
    const market = `0x${'ab'.repeat(20)}` as const
    expect(rootRightOf({ market, agreementId: 7n })).toBe(
      BigInt(`0x${'ab'.repeat(20)}${'7'.padStart(24, '0')}`),
    )
  })
})
