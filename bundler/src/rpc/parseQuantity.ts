// A quantity of the JSON-RPC form: 0x and hex digits, leading zeros or not.

/** Undefined for what is none, or is longer. */
export function parseQuantity(value: unknown, maxDigits: number): bigint | undefined {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]+$/.test(value) || value.length > 2 + maxDigits)
    return undefined
  return BigInt(value)
}
