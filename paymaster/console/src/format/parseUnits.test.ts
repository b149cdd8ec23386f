import { describe, expect, it } from 'vitest'
import { parseUnits } from './parseUnits.ts'
import { exactUnits } from './wei.ts'

describe('a typed amount', () => {
  it('becomes smallest units, to the last digit', () => {
    expect(parseUnits('0.000000000000000001')).toBe(1n)
    expect(parseUnits('1,000.5')).toBe(1_000_500_000_000_000_000_000n)
    expect(parseUnits('.5', 6)).toBe(500_000n)
    expect(parseUnits('3', 0)).toBe(3n)
  })

  it('is none where digits would be rounded away, or where it is no number', () => {
    for (const typed of ['', '.', '1.2.3', '-1', '1e3', '0x10', '0.1234567']) {
      expect(parseUnits(typed, 6)).toBeUndefined()
    }
  })

  it('is read back as it is shown', () => {
    for (const wei of [0n, 1n, 10n ** 17n, 123_456_789n * 10n ** 12n]) {
      expect(parseUnits(exactUnits(wei))).toBe(wei)
    }
  })
})
