// Each series on top of those after it, the tallest first: drawn in this order, the lower ones cover its foot.

export function stacked(values: readonly (readonly number[])[]): number[][] {
  const sums: number[][] = []
  let below: readonly number[] | undefined
  for (const own of [...values].reverse()) {
    const foot = below
    const sum = own.map((value, index) => value + (foot?.[index] ?? 0))
    sums.unshift(sum)
    below = sum
  }
  return sums
}
