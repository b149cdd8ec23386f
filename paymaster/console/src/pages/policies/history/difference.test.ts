import { describe, expect, it } from 'vitest'
import { difference } from './difference.ts'

const shown = (before: string, after: string): string =>
  difference(before, after)
    .map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`)
    .join('|')

describe('the difference of two versions', () => {
  it('keeps what is the same, and shows a changed line as taken away and added', () => {
    expect(shown('a\nb\nc', 'a\nx\nc')).toBe(' a|-b|+x| c')
  })

  it('shows what was added or taken away at either end', () => {
    expect(shown('b', 'a\nb\nc')).toBe('+a| b|+c')
    expect(shown('a\nb\nc', 'b')).toBe('-a| b|-c')
  })

  it('shows all of a first version as added', () => {
    expect(shown('', 'a\nb')).toBe('+a|+b')
  })

  it('has nothing to show for equal texts', () => {
    expect(difference('a\nb', 'a\nb').every(({ kind }) => kind === 'same')).toBe(true)
  })
})
