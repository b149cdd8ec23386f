// By how much estimates exceed what was needed, as a table for whoever runs the corpus.

export type Excess = { readonly estimated: bigint; readonly needed: bigint }

const quantiles = [
  ['min', 0],
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['max', 1],
] as const

/** A row of quantiles in percent of what was needed and one in gas, for each name. */
export function distributionTable(excesses: ReadonlyMap<string, readonly Excess[]>): string {
  const header = ['excess', 'count', 'in', ...quantiles.map(([name]) => name)]
  const rows = [...excesses].flatMap(([name, all]) => {
    const gas = all.map(({ estimated, needed }) => Number(estimated - needed))
    const percent = all.map(({ estimated, needed }) => (100 * Number(estimated - needed)) / Number(needed))
    return [
      [name, `${all.length}`, '%', ...spread(percent).map(value => value.toFixed(1))],
      ['', '', 'gas', ...spread(gas).map(value => value.toFixed(0))],
    ]
  })
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map(row => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
  return [header, ...rows].map(line).join('\n')
}

function spread(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((one, other) => one - other)
  return quantiles.map(([, share]) => sorted[Math.round(share * (sorted.length - 1))] ?? 0)
}
