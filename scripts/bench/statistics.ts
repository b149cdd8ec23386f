// The figures a load leaves behind: medians and ranges, never a lone mean.

export type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }

/** Nearest-rank percentiles of unsorted samples; NaN when there are none. */
export function percentilesOf(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN }
}

export function medianAndRange(samples: readonly number[]): string {
  const { p50, max } = percentilesOf(samples)
  const digits = p50 < 10 ? 1 : 0
  return `${p50.toFixed(digits)} (${Math.min(...samples).toFixed(digits)}–${max.toFixed(digits)})`
}
