// Hours of the day and days of the week, against a clock that looks at every minute.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DayOfWeek, daysOfWeek, type OpenHours, opensAt, openUntil } from './openHours.ts'

const at = (time: string): number => Date.parse(time) / 1000
const hours = (from: number, to: number, ...days: DayOfWeek[]): OpenHours => ({
  days: new Set(days.length === 0 ? daysOfWeek : days),
  fromSeconds: from * 3600,
  toSeconds: to * 3600,
})

describe('hours of a policy', () => {
  it('are open from their beginning to the second before their end', () => {
    const office = [hours(9, 17, 'monday')]
    // 2026-06-01 is a Monday.
    expect(openUntil(office, at('2026-06-01T08:59:59Z'))).toBeUndefined()
    expect(openUntil(office, at('2026-06-01T09:00:00Z'))).toBe(at('2026-06-01T17:00:00Z'))
    expect(openUntil(office, at('2026-06-01T16:59:59Z'))).toBe(at('2026-06-01T17:00:00Z'))
    expect(openUntil(office, at('2026-06-01T17:00:00Z'))).toBeUndefined()
    expect(openUntil(office, at('2026-06-02T12:00:00Z'))).toBeUndefined()
    expect(opensAt(office, at('2026-06-02T12:00:00Z'))).toBe(at('2026-06-08T09:00:00Z'))
  })

  it('that pass midnight belong to the day on which they opened', () => {
    const night = [hours(22, 6, 'friday')]
    expect(openUntil(night, at('2026-06-05T23:00:00Z'))).toBe(at('2026-06-06T06:00:00Z'))
    expect(openUntil(night, at('2026-06-06T05:59:00Z'))).toBe(at('2026-06-06T06:00:00Z'))
    expect(openUntil(night, at('2026-06-05T05:00:00Z'))).toBeUndefined()
    expect(openUntil(night, at('2026-06-06T23:00:00Z'))).toBeUndefined()
  })

  it('that touch are one, and those that never close never end', () => {
    const halves = [hours(0, 12, 'monday'), hours(12, 24, 'monday')]
    expect(openUntil(halves, at('2026-06-01T01:00:00Z'))).toBe(at('2026-06-02T00:00:00Z'))
    expect(openUntil([hours(0, 24)], at('2026-06-01T01:00:00Z'))).toBe(Number.POSITIVE_INFINITY)
    expect(openUntil([hours(8, 8)], at('2026-06-01T01:00:00Z'))).toBe(Number.POSITIVE_INFINITY)
  })

  it('close and open when a clock that looks at every minute sees them do so', () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 }).map(minutes => minutes * 60)
    const one = fc.record({
      days: fc.uniqueArray(fc.constantFrom(...daysOfWeek), { minLength: 1 }).map(days => new Set(days)),
      fromSeconds: minute,
      toSeconds: minute,
    })
    const isOpen = (all: readonly OpenHours[], time: number): boolean =>
      all.some(({ days, fromSeconds, toSeconds }) =>
        [0, 1].some(daysBefore => {
          const day = new Date((time - daysBefore * 86_400) * 1000)
          const name = daysOfWeek[(day.getUTCDay() + 6) % 7] as DayOfWeek
          const sinceMidnight = (time % 86_400) + daysBefore * 86_400
          const end = toSeconds > fromSeconds ? toSeconds : toSeconds + 86_400
          return days.has(name) && sinceMidnight >= fromSeconds && sinceMidnight < end
        }),
      )
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 3 }), fc.nat(30 * 1440), (all, minutes) => {
        const now = at('2026-01-01T00:00:00Z') + minutes * 60
        const until = openUntil(all, now)
        expect(until !== undefined).toBe(isOpen(all, now))
        if (until === undefined) {
          const next = opensAt(all, now)
          if (next === undefined) throw new Error('it opens every week')
          for (let time = now; time < next; time += 60) expect(isOpen(all, time)).toBe(false)
          expect(isOpen(all, next)).toBe(true)
        } else if (until !== Number.POSITIVE_INFINITY) {
          for (let time = now; time < until; time += 60) expect(isOpen(all, time)).toBe(true)
          expect(isOpen(all, until)).toBe(false)
        }
      }),
      { numRuns: 150 },
    )
  })
})
