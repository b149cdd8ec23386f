import { expect, it } from 'vitest'
import { createUnderWay } from './underWay.ts'

it('one caller, and all together, have only so many requests and bytes under way at once', () => {
  const underWay = createUnderWay({ requests: 3, requestsPerCaller: 2, bytes: 100, bytesPerCaller: 60 })
  const first = underWay.begin('a')
  const second = underWay.begin('a')
  expect(underWay.begin('a')).toBeUndefined()
  expect(first?.grow(60)).toBe(true)
  expect(second?.grow(1)).toBe(false)
  const third = underWay.begin('b')
  expect(underWay.begin('c')).toBeUndefined()
  expect(third?.grow(41)).toBe(false)
  expect(third?.grow(40)).toBe(true)

  first?.end()
  expect(second?.grow(60)).toBe(true)
  expect(underWay.begin('c')?.grow(1)).toBe(false)
})
