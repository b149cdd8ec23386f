// Hashes and addresses as they are kept with decisions: as bytes, at half the size of their text.
import { type Hash, type Hex, isHex } from 'viem'

export function toBytes(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), 'hex')
}

export function fromBytes(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

export function isHash(text: string): text is Hash {
  return isHex(text) && text.length === 66
}
