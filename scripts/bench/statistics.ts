// The figures a load leaves behind: medians and ranges, never a lone mean.

export type Percentiles = {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** Nearest-rank percentiles of unsorted samples; NaN when there are none. */
export function percentilesOf(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN }
}

/** The samples that were measured at all. */
export function measured(samples: readonly (number | undefined)[]): readonly number[] {
  return samples.filter(sample => sample !== undefined && Number.isFinite(sample)) as number[]
}

/** `12`, or `12 (11–14)` over several runs; `–` when nothing was measured. */
export function medianAndRange(samples: readonly (number | undefined)[]): string {
  const known = measured(samples)
  if (known.length === 0) return '–'
  const max = Math.max(...known)
  const digits = max >= 100 ? 0 : max >= 10 ? 1 : 2
  const median = medianOf(known).toFixed(digits)
  if (known.length === 1) return median
  return `${median} (${Math.min(...known).toFixed(digits)}–${max.toFixed(digits)})`
}

function medianOf(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}
