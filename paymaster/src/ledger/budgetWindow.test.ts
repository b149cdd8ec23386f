// The windows of budgets: each second is in one window of each kind, and its name tells when that is over.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { budgetWindows, windowEnd, windowName } from './budgetWindow.ts'

const at = (time: string): number => Date.parse(time) / 1000

it('names days and totals as it always did, and hours, weeks from Monday and months beside them', () => {
  const now = at('2026-11-29T16:05:00Z')
  expect(budgetWindows.map(window => windowName(window, now))).toEqual([
    '2026-11-29T16',
    '2026-11-29',
    'week-2026-11-23',
    '2026-11',
    'total',
  ])
  expect(windowName('week', at('2026-11-23T00:00:00Z'))).toBe('week-2026-11-23')
  expect(windowName('week', at('2026-11-22T23:59:59Z'))).toBe('week-2026-11-16')
})

it('knows of every id when its window is over, and that what has none never is', () => {
  expect(windowEnd('policy/demo/global/2026-11-29')).toBe(at('2026-11-29T23:59:59Z'))
  expect(windowEnd('policy/demo/global/2026-11-29T16')).toBe(at('2026-11-29T16:59:59Z'))
  expect(windowEnd('policy/demo/key:abc/token/2024-02')).toBe(at('2024-02-29T23:59:59Z'))
  expect(windowEnd('policy/demo/0xabc/week-2026-11-23')).toBe(at('2026-11-29T23:59:59Z'))
  for (const id of ['policy/demo/global/total', 'unsent/lent', 'tank/0xabc/caller']) {
    expect(windowEnd(id)).toBe(Number.POSITIVE_INFINITY)
  }
})

it('ends a window with the last second that has its name, whenever that is', () => {
  const seconds = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2100-01-01T00:00:00Z') })
  fc.assert(
    fc.property(seconds, fc.constantFrom('hour', 'day', 'week', 'month' as const), (now, window) => {
      const name = windowName(window, now)
      const end = windowEnd(`policy/demo/global/${name}`)
      expect(end).toBeGreaterThanOrEqual(now)
      expect(windowName(window, end)).toBe(name)
      expect(windowName(window, end + 1)).not.toBe(name)
    }),
  )
})
