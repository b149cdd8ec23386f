// Hex to bytes and back, by Node's own conversion: a message's data would else be a tenth of its execution.
import type { Hex } from 'viem'

export function bytesOf(hex: Hex): Uint8Array {
  return new Uint8Array(passingBytesOf(hex))
}

/** To be read at once, and not kept: it holds on to memory that others share. */
export function passingBytesOf(hex: Hex): Uint8Array {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  // Node stops silently at what is no hex.
  if (bytes.length !== (hex.length - 2) / 2) throw new TypeError('not an even number of hex digits')
  return bytes
}

export function hexOf(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`
}
