import { describe, expect, it } from 'vitest'
import { duration, relativeTime } from './time.ts'

describe('a time', () => {
  it('is told as how long ago it was, in the reader’s language', () => {
    expect(relativeTime(1_000, 1_059, 'en')).toBe('59 sec. ago')
    expect(relativeTime(1_000, 1_000 + 3 * 3_600, 'en')).toBe('3 hr. ago')
    expect(relativeTime(1_000, 1_000 + 3 * 3_600, 'ko')).toBe('3시간 전')
    expect(relativeTime(1_120, 1_000, 'en')).toBe('in 2 min.')
    expect(relativeTime(1_000, 1_000, 'en')).toBe('now')
  })

  it('lasts two units at most', () => {
    expect(duration(90_061, 'en')).toBe('1 day, 1 hr')
    expect(duration(59, 'en')).toBe('59 sec')
    expect(duration(0, 'ko')).toBe('0초')
  })
})
