// Math.max for bigints.

/** 0 for none. */
export function largest(values: readonly bigint[]): bigint {
  let result = 0n
  for (const value of values) if (value > result) result = value
  return result
}
