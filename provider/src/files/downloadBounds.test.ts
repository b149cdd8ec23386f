// One caller's downloads leave room for the others'.
import { describe, expect, test } from 'vitest'
import { createDownloadBounds } from './downloadBounds.ts'

describe('downloads', () => {
  test('of one caller are sixteen at once, and another’s go on', () => {
    const bounds = createDownloadBounds({ bytesPerSecond: 0, clock: { now: () => 0 } })
    const begun = Array.from({ length: 16 }, () => bounds.begin('a', 1))
    expect(begun.every(({ ok }) => ok)).toBe(true)
    expect(bounds.begin('a', 1)).toMatchObject({ ok: false, refusal: { status: 429 } })
    expect(bounds.begin('b', 1).ok).toBe(true)
    const [first] = begun
    if (!first?.ok) throw new Error('The first was refused')
    first.value.end()
    // However often it is told to have ended.
    first.value.end()
    expect(bounds.begin('a', 1).ok).toBe(true)
    expect(bounds.begin('a', 1).ok).toBe(false)
  })

  test('that took more than a caller’s rate are paid off by waiting', () => {
    let now = 0
    const bounds = createDownloadBounds({ bytesPerSecond: 100, clock: { now: () => now } })
    expect(bounds.begin('a', 1_000).ok).toBe(true)
    expect(bounds.begin('a', 1)).toMatchObject({ ok: false, refusal: { status: 429 } })
    expect(bounds.begin('b', 1).ok).toBe(true)
    now = 9_000
    expect(bounds.begin('a', 1).ok).toBe(true)
  })
})
