// The steps of the overview's charts: hours for a day and a week, days (UTC) for a month. The last one is under way.
import type { OverviewRange } from './schema.ts'

const hourSeconds = 3_600
const daySeconds = 86_400

export type Steps = {
  readonly stepSeconds: number
  /** The oldest first. */
  readonly startsAtSeconds: readonly number[]
  /** Which of them an hour belongs to; undefined outside of them. */
  indexOf(seconds: number): number | undefined
}

const shapes: Record<OverviewRange, { readonly stepSeconds: number; readonly count: number }> = {
  '24h': { stepSeconds: hourSeconds, count: 24 },
  '7d': { stepSeconds: hourSeconds, count: 7 * 24 },
  '30d': { stepSeconds: daySeconds, count: 30 },
}

export function stepsOf(range: OverviewRange, nowSeconds: number): Steps {
  const { stepSeconds, count } = shapes[range]
  const last = nowSeconds - (nowSeconds % stepSeconds)
  const first = last - (count - 1) * stepSeconds
  return {
    stepSeconds,
    startsAtSeconds: Array.from({ length: count }, (_, index) => first + index * stepSeconds),
    indexOf(seconds) {
      const index = Math.floor((seconds - first) / stepSeconds)
      return index >= 0 && index < count ? index : undefined
    },
  }
}
