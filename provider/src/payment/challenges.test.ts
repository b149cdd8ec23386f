import { describe, expect, it } from 'vitest'
import { createChallenges } from './challenges.ts'

describe('a challenge', () => {
  it('counts once, for ten minutes, where it was given out', () => {
    let now = 1_800_000_000_000
    const challenges = createChallenges({ now: () => now })
    const [first, second] = [challenges.issue(), challenges.issue()]
    expect(first).toMatch(/^0x[0-9a-f]{64}$/)
    expect([challenges.take(first), challenges.take(first)]).toEqual([true, false])
    now += 601_000
    expect(challenges.take(second)).toBe(false)
    expect(createChallenges({ now: () => now }).take(challenges.issue())).toBe(false)
  })

  it('that nobody gave out counts for nothing', () => {
    const challenges = createChallenges({ now: () => 1_800_000_000_000 })
    for (const shown of [
      `0x${'0'.repeat(64)}`,
      `0x${'ab'.repeat(32)}`,
      '0x',
      `${challenges.issue()}00`,
    ] as const) {
      expect(challenges.take(shown)).toBe(false)
    }
  })
})
