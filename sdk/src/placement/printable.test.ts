import fc from 'fast-check'
import { expect, it } from 'vitest'
import { harmless, printable } from './printable.ts'

const hostile = ['\u001b[2J\u001b[31m', '\u202Egnp.exe', '\u0007', 'a\nb\rc', '\u2028', '\u0000']

it('attack: a region that clears the screen, turns the writing round or begins a line is shown as harmless marks', () => {
  for (const text of hostile) expect(harmless(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
  expect(harmless('서울 KR-Seoul')).toBe('서울 KR-Seoul')
})

it('whatever a provider calls its region, what is shown of it fits a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), text => {
      expect([...printable(text)].length).toBeLessThanOrEqual(65)
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }),
  )
})
