import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  coinsPerToken,
  deviationBps,
  rateOf,
  roundingBps,
  toDecimalText,
  tokensPerCoin,
  unitsOf,
} from './ratio.ts'

const decimals = fc.nat(36)
const answer = fc.bigInt({ min: 1n, max: 10n ** 30n })
const oneCoin = 10n ** 18n

describe('a price as an exact fraction', () => {
  it('charges at least the exact price, and less than a unit more, whatever the decimals', () => {
    fc.assert(
      fc.property(
        answer,
        fc.nat(18),
        decimals,
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        (told, answerDecimals, tokenDecimals, costWei) => {
          const ratio = tokensPerCoin(told, answerDecimals, tokenDecimals)
          const exactUp = (costWei * ratio.units + ratio.wei - 1n) / ratio.wei
          const charged = unitsOf(costWei, rateOf(ratio))
          expect(charged).toBeGreaterThanOrEqual(exactUp)
          // The rate is rounded up for a whole coin: of a cost of many coins that adds as many units.
          expect(charged - exactUp).toBeLessThanOrEqual(costWei / oneCoin + 1n)
        },
      ),
    )
  })

  it('is the same whichever way round a feed tells it', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 9 }), (tokenDecimals, zeros) => {
        // 10^n tokens for a coin, or a coin for 10^-n tokens.
        const many = tokensPerCoin(10n ** BigInt(8 + zeros), 8, tokenDecimals)
        const few = coinsPerToken(10n ** BigInt(18 - zeros), 18, tokenDecimals)
        expect(rateOf(many)).toBe(rateOf(few))
        expect(deviationBps(many, few)).toBe(0)
      }),
    )
  })

  it('is told to people as tokens for one coin', () => {
    expect(toDecimalText(tokensPerCoin(250_000_000n, 8, 6), 6)).toBe('2.5')
    expect(toDecimalText(coinsPerToken(4n * oneCoin, 18, 18), 18)).toBe('0.25')
    expect(toDecimalText(tokensPerCoin(1n, 18, 0), 0)).toBe('0.000000000000000001')
    expect(toDecimalText(tokensPerCoin(123_456_789_012n, 0, 27), 27)).toBe('123456789012')
  })

  it('measures how far two prices are apart, rounded up', () => {
    const at = (price: bigint) => tokensPerCoin(price, 4, 6)
    expect(deviationBps(at(10_000n), at(10_000n))).toBe(0)
    expect(deviationBps(at(10_100n), at(10_000n))).toBe(100)
    expect(deviationBps(at(9_900n), at(10_000n))).toBe(100)
    expect(deviationBps(at(10_001n), at(30_000n))).toBe(6667)
    expect(deviationBps(at(10n ** 30n), at(1n))).toBe(1_000_000)
  })

  it('says what rounding a coarse token adds', () => {
    expect(roundingBps(tokensPerCoin(25n, 1, 6))).toBe(0)
    expect(rateOf(tokensPerCoin(25n, 1, 0))).toBe(3n)
    expect(roundingBps(tokensPerCoin(25n, 1, 0))).toBe(2000)
  })
})
