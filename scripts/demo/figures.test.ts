import { parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import { coins, duration, table } from './figures.ts'

describe('figures of the demo', () => {
  it('show coins rounded to six decimals, without trailing zeros', () => {
    expect(coins(parseEther('1'))).toBe('1 WLC')
    expect(coins(parseEther('0.0012345678'))).toBe('0.001235 WLC')
    expect(coins(parseEther('0.4999999999'))).toBe('0.5 WLC')
    expect(coins(parseEther('12.5'))).toBe('12.5 WLC')
    expect(coins(0n)).toBe('0 WLC')
  })

  it('do not round a tiny amount to nothing', () => {
    expect(coins(parseEther('0.00000000123'))).toBe('0.0000000012 WLC')
    expect(coins(parseEther('0.0000000999'))).toBe('0.0000001 WLC')
    expect(coins(1n)).toBe('0.000000000000000001 WLC')
  })

  it('show durations in the unit that fits', () => {
    expect(duration(85.4)).toBe('85 ms')
    expect(duration(3_240)).toBe('3.2 s')
    expect(duration(125_000)).toBe('2 min 5 s')
    expect(duration(119_600)).toBe('2 min')
  })

  it('stand in columns', () => {
    expect(
      table([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
    ).toEqual(['a     bb', 'ccc   d'])
  })
})
