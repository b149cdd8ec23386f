import { expect, it } from 'vitest'
import { createSeenSequences } from './seenSequences.ts'

it('a voucher that a later one overtook shows who sent it once, and not again', () => {
  const seen = createSeenSequences()
  seen.took('1:1', 1n, undefined)
  seen.took('1:1', 5n, 1n)
  expect(seen.takeLate('1:1', 3n, 5n)).toBe(true)
  expect(seen.takeLate('1:1', 3n, 5n)).toBe(false)
  expect(seen.takeLate('1:1', 5n, 5n)).toBe(false)
  expect(seen.takeLate('1:1', 1n, 5n)).toBe(false)
})

it('of what was before a restart nothing is new', () => {
  const seen = createSeenSequences()
  expect(seen.takeLate('1:1', 3n, 5n)).toBe(false)
  seen.took('1:1', 7n, 5n)
  expect(seen.takeLate('1:1', 4n, 7n)).toBe(false)
  expect(seen.takeLate('1:1', 6n, 7n)).toBe(true)
})

it('what lies further back than it reaches counts as seen', () => {
  const seen = createSeenSequences()
  seen.took('1:1', 1n, undefined)
  seen.took('1:1', 1_000n, 1n)
  expect(seen.takeLate('1:1', 700n, 1_000n)).toBe(false)
  expect(seen.takeLate('1:1', 745n, 1_000n)).toBe(true)
})
