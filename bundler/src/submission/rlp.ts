// Ethereum's encoding of nested lists of bytes (RLP), from bytes to bytes.

export type RlpItem = Uint8Array | readonly RlpItem[]

const bytesOffset = 0x80
const listOffset = 0xc0
/** Beyond that the length has a length of its own. */
const shortLength = 55

export function encodeRlp(item: RlpItem): Uint8Array {
  if (!(item instanceof Uint8Array)) return encodeRlpList(item.map(encodeRlp))
  const [first = bytesOffset] = item
  // A small number stands for itself.
  if (item.length === 1 && first < bytesOffset) return item
  return Buffer.concat([header(item.length, bytesOffset), item])
}

/** A list of what is encoded already. */
export function encodeRlpList(items: readonly Uint8Array[]): Uint8Array {
  const length = items.reduce((sum, item) => sum + item.length, 0)
  return Buffer.concat([header(length, listOffset), ...items])
}

function header(length: number, offset: number): Uint8Array {
  if (length <= shortLength) return Uint8Array.of(offset + length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.of(offset + shortLength + bytes.length, ...bytes)
}
