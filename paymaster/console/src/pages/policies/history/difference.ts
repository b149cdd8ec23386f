// What changed between two texts, line by line: the longest common part stays, the rest was taken away or added.

export type DifferenceLine = { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }

export function difference(before: string, after: string): readonly DifferenceLine[] {
  const from = linesOf(before)
  const to = linesOf(after)
  const lengths = commonLengths(from, to)
  const lines: DifferenceLine[] = []
  let i = 0
  let j = 0
  while (i < from.length || j < to.length) {
    const old = from[i]
    const young = to[j]
    if (old !== undefined && old === young) {
      lines.push({ kind: 'same', text: old })
      i++
      j++
    } else if (young === undefined || (old !== undefined && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      lines.push({ kind: 'removed', text: old ?? '' })
      i++
    } else {
      lines.push({ kind: 'added', text: young })
      j++
    }
  }
  return lines
}

/** Of what follows each pair of lines. A policy has a few hundred lines, so a table of them all is small. */
function commonLengths(from: readonly string[], to: readonly string[]): readonly (readonly number[])[] {
  const lengths: number[][] = Array.from({ length: from.length + 1 }, () =>
    new Array<number>(to.length + 1).fill(0),
  )
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      const longest =
        from[i] === to[j]
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
      const row = lengths[i]
      if (row !== undefined) row[j] = longest
    }
  }
  return lengths
}

function at(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0
}

/** Nothing has no line. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n')
}
