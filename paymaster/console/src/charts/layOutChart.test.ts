import { describe, expect, it } from 'vitest'
import { layOutChart } from './layOutChart.ts'

const hour = 3_600
const midnight = new Date(2026, 4, 1).getTime() / 1000
const chart = (values: number[][], isWhole = false) =>
  layOutChart({
    ...{ width: 600, height: 200, values, isWhole, language: 'en' as const },
    startsAtSeconds: Array.from({ length: 24 }, (_, index) => midnight + index * hour),
  })
const flat = (value: number): number[] => Array.from({ length: 24 }, () => value)

describe('a chart', () => {
  it('stacks its series: each as high as its own value, on top of those after it', () => {
    const { bars, plot } = chart([flat(3), flat(1)])
    const [upper, lower] = bars.map(([first]) => first)
    expect(upper?.height).toBeCloseTo((lower?.height ?? 0) * 4)
    expect((lower?.y ?? 0) + (lower?.height ?? 0)).toBeCloseTo(plot.top + plot.height)
    expect(upper?.y).toBeGreaterThanOrEqual(plot.top)
  })

  it('has round values beside it, whole ones for what is counted', () => {
    expect(chart([flat(0.4)]).valueTicks.map(({ value }) => value)).toEqual([
      0,
      0.1,
      0.2,
      expect.closeTo(0.3),
      0.4,
    ])
    expect(chart([flat(2)], true).valueTicks.map(({ value }) => value)).toEqual([0, 1, 2])
    expect(chart([flat(0)]).valueTicks.map(({ value }) => value)).toEqual([0])
  })

  it('has times below it, as many as there is room for, and the day where it begins', () => {
    const { timeTicks } = chart([flat(1)])
    expect(timeTicks.map(({ value }) => value)).toEqual(['May 1', '06:00', '12:00', '18:00'])
  })

  it('draws nothing beyond its frame, however narrow that is', () => {
    const { bars, plot } = layOutChart({
      ...{ width: 40, height: 200, values: [[1]], isWhole: true, language: 'ko' as const },
      startsAtSeconds: [midnight],
    })
    expect(plot.width).toBe(0)
    expect(bars[0]?.[0]?.height).toBeLessThanOrEqual(plot.height)
  })
})
