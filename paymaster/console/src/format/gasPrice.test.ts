import { expect, it } from 'vitest'
import { gasPrice } from './gasPrice.ts'

it('tells gwei, and wei where a gwei would have many zeros', () => {
  expect(gasPrice('1500000000')).toBe('1.5 gwei')
  expect(gasPrice('1000000')).toBe('0.001 gwei')
  expect(gasPrice('156')).toBe('156 wei')
  expect(gasPrice(0n)).toBe('0 wei')
})
