import fc from 'fast-check'
import { formatEther, parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import { formatPricePerHour, parsePricePerHour } from './pricePerHour.ts'

/** The contract's uint128. */
const pricePerSecondWei = fc.bigInt({ min: 0n, max: 2n ** 128n / 3_600n })
const pricePerHourWei = fc.bigInt({ min: 0n, max: 10n ** 30n })

describe('prices by the hour', () => {
  it('give the same wei a second again, whatever they are', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 34n }), price => {
        expect(parsePricePerHour(formatPricePerHour(price))).toBe(price)
      }),
    )
  })

  it('never cost more than was written, and less by no more than a wei a second', () => {
    fc.assert(
      fc.property(pricePerHourWei, hourly => {
        const paid = parsePricePerHour(formatEther(hourly)) * 3_600n
        expect(paid).toBeLessThanOrEqual(hourly)
        expect(hourly - paid).toBeLessThan(3_600n)
      }),
    )
  })

  it('read as they were written, with as many decimals as were written', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.integer({ min: 0, max: 9 }),
        (units, decimals) => {
          const written = formatEther(units * 10n ** BigInt(18 - decimals))
          expect(formatPricePerHour(parsePricePerHour(written), { decimals })).toBe(written)
        },
      ),
    )
  })

  it('are rounded to the nearest, by at most half of the last decimal', () => {
    fc.assert(
      fc.property(pricePerSecondWei, fc.integer({ min: 0, max: 18 }), (price, decimals) => {
        const shown = parseEther(formatPricePerHour(price, { decimals }))
        const error = shown - price * 3_600n
        expect((error < 0n ? -error : error) * 2n).toBeLessThanOrEqual(10n ** BigInt(18 - decimals))
      }),
    )
  })

  it('are refused when they are no decimal numbers', () => {
    for (const text of [
      '',
      '-1',
      '1e3',
      '.5',
      '1.',
      '0x10',
      '1,5',
      ' 1',
      '1.0000000000000000001',
      '9'.repeat(21),
    ]) {
      expect(() => parsePricePerHour(text)).toThrow('is no amount of tokens an hour')
    }
    expect(() => formatPricePerHour(1n, { decimals: 19 })).toThrow('decimals is 19')
  })
})
