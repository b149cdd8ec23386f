import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chargeWei, exchangeRate } from './tokenPrice.ts'

const cost = fc.bigInt({ min: 0n, max: 2n ** 100n })
const markup = fc.nat(65_535)

describe('the price of gas in the token', () => {
  it('is the cost itself without a markup', () => {
    fc.assert(
      fc.property(cost, wei => {
        expect(chargeWei(wei, 0)).toBe(wei)
      }),
    )
  })

  it('never falls short of cost and markup, and never exceeds them by a whole wei', () => {
    fc.assert(
      fc.property(cost, markup, (wei, bps) => {
        const exact = wei * (10_000n + BigInt(bps))
        expect(chargeWei(wei, bps) * 10_000n).toBeGreaterThanOrEqual(exact)
        expect((chargeWei(wei, bps) - 1n) * 10_000n).toBeLessThan(exact)
      }),
    )
  })

  it('is covered by what a client computes from the quote, which adds gas for postOp and rounds down', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 21_000n, max: 30_000_000n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        markup,
        (gas, fee, bps) => {
          const approved = ((gas * fee + 60_000n * fee) * exchangeRate(bps)) / 10n ** 18n
          expect(approved).toBeGreaterThanOrEqual(chargeWei(gas * fee, bps))
        },
      ),
    )
  })
})
