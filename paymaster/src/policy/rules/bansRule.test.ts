// Who did harm waits: against a plain count over all windows.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ask, operationOf, problemsOf, reasonOf } from '../testing/question.ts'
import { findBan, judgeBans } from './bansRule.ts'

const failed = (atSeconds: number, lossWei = 1n) => ({ atSeconds, hasFailed: true, lossWei })

describe('a ban', () => {
  const bans = { afterFailures: 3, withinSeconds: 100, forSeconds: 1_000 }

  it('begins with the failure that is one too many within the time, and ends by itself', () => {
    const mishaps = [failed(10), failed(60), failed(109)]
    expect(findBan(bans, mishaps.slice(0, 2), 110)).toBeUndefined()
    expect(findBan(bans, mishaps, 110)).toEqual({ untilSeconds: 1_109, failures: 3, lossWei: 3n })
    expect(findBan(bans, mishaps, 1_108)).toBeDefined()
    expect(findBan(bans, mishaps, 1_109)).toBeUndefined()
    expect(findBan(bans, [failed(10), failed(60), failed(110)], 111)).toBeUndefined()
  })

  it('is also for what was lost, whatever failed', () => {
    const loss = { afterLossWei: 10n, withinSeconds: 100, forSeconds: 1_000 }
    const unpaid = { atSeconds: 50, hasFailed: false, lossWei: 6n }
    expect(findBan(loss, [unpaid, failed(60, 3n)], 70)).toBeUndefined()
    expect(findBan(loss, [unpaid, failed(60, 4n)], 70)).toMatchObject({ lossWei: 10n, failures: 1 })
  })

  it('is told with its end, and refuses nobody else', () => {
    const definition = { bans: { afterFailures: 1, withinSeconds: 60, forSeconds: 60 } }
    const operation = operationOf([])
    const banned = ask(judgeBans, definition, { operation, nowSeconds: 30, facts: { mishaps: [failed(10)] } })
    expect(reasonOf(banned)).toBe('senderBanned')
    expect(banned.detail).toContain('until 1970-01-01T00:01:10.000Z')
    expect(reasonOf(ask(judgeBans, definition, { operation, facts: { mishaps: [] } }))).toBe('passed')
    expect(problemsOf({ bans: {} })).toEqual([expect.stringContaining('bans names no harm')])
  })

  it('lasts as long as some window of the past was too much', () => {
    const times = fc
      .array(fc.nat(1_000), { maxLength: 12 })
      .map(list => list.sort((one, other) => one - other))
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 4 }), fc.nat(2_500), (list, afterFailures, now) => {
        const rules = { afterFailures, withinSeconds: 100, forSeconds: 500 }
        const until = list
          .filter(end => list.filter(time => time <= end && time > end - 100).length >= afterFailures)
          .map(end => end + 500)
        const expected = Math.max(0, ...until) > now
        expect(
          findBan(
            rules,
            list.map(time => failed(time)),
            now,
          ) !== undefined,
        ).toBe(expected)
      }),
    )
  })
})
