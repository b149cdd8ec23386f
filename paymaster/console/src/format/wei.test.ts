import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactUnits, percentOf, shortUnits, unitsAsNumber } from './wei.ts'

const ether = 10n ** 18n

describe('an amount', () => {
  it('is exact to the last wei where it is asked for', () => {
    expect(exactUnits(ether + 1n)).toBe('1.000000000000000001')
    expect(exactUnits('-1234567000000000000000')).toBe('-1,234.567')
    expect(exactUnits(0n)).toBe('0')
    expect(exactUnits(1_500_000n, 6)).toBe('1.5')
    expect(exactUnits(42n, 0)).toBe('42')
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 96n), max: 2n ** 96n }), fc.nat(36), (value, decimals) => {
        const [whole = '', fraction = ''] = exactUnits(value, decimals).replaceAll(',', '').split('.')
        expect(BigInt(whole + fraction.padEnd(decimals, '0'))).toBe(value)
      }),
    )
  })

  it('is short where it is looked at, and never more than there is', () => {
    expect(shortUnits(1_999_999_999_999_999_999n)).toBe('1.999')
    expect(shortUnits(123_456n * ether + 1n)).toBe('123,456')
    expect(shortUnits(582_900_000_000_000n)).toBe('0.0005829')
    expect(shortUnits(29_880n)).toBe('2.98e-14')
    expect(shortUnits(0n)).toBe('0')
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 90n }), value => {
        const shown = Number(shortUnits(value).replaceAll(',', ''))
        expect(shown).toBeLessThanOrEqual(unitsAsNumber(value) * (1 + 1e-12))
        expect(shown).toBeGreaterThanOrEqual(unitsAsNumber(value) * 0.989)
      }),
    )
  })

  it('is a share of a whole to a tenth of a percent; nothing has no shares', () => {
    expect(percentOf(1n, 3n)).toBe(33.3)
    expect(percentOf('5', '0')).toBe(0)
    expect(percentOf(2n * ether, ether)).toBe(200)
  })
})
