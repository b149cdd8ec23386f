import { describe, expect, it } from 'vitest'
import { medianAndRange, percentilesOf } from './statistics.ts'

describe('the figures of a load', () => {
  it('takes percentiles by nearest rank, whatever order the samples came in', () => {
    const samples = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1)
    expect(percentilesOf(samples)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 })
  })

  it('knows no percentile of nothing', () => {
    expect(percentilesOf([]).p50).toBeNaN()
  })

  it('shows the median of several runs between the least and the greatest', () => {
    expect(medianAndRange([30, 10, 20])).toBe('20.0 (10.0–30.0)')
    expect(medianAndRange([1, 2])).toBe('1.50 (1.00–2.00)')
  })

  it('shows a single run bare, and a dash for what could not be measured', () => {
    expect(medianAndRange([412.3])).toBe('412')
    expect(medianAndRange([undefined, Number.NaN])).toBe('–')
  })
})
