// Columns of text, and what must never be left out beside them.

export type Row = readonly [title: string, ...cells: readonly string[]]

export function layOut(rows: readonly Row[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const lines = rows.map(row =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   '),
  )
  return lines
}

/** A refusal makes every other figure doubtful, so it is never left out. */
export function renderRefusals(
  stages: readonly { readonly refusals: Readonly<Record<string, number>> }[],
): readonly string[] {
  const totals = new Map<string, number>()
  for (const { refusals } of stages) {
    for (const [reason, count] of Object.entries(refusals))
      totals.set(reason, (totals.get(reason) ?? 0) + count)
  }
  if (totals.size === 0) return []
  return ['', 'refused:', ...[...totals].map(([reason, count]) => `  ${count} × ${reason}`)]
}
