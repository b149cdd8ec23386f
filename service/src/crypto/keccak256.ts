// Keccak-256 in WASM: a validation hashes some dozens of times, a signature ten, and in JavaScript each takes ten times as
// long.
import { createKeccak } from 'hash-wasm'
import type { Hex } from 'viem'
import { passingBytesOf } from './bytes.ts'

const hasher = await createKeccak(256)

export function keccak256(bytes: Uint8Array): Uint8Array {
  return hasher.init().update(bytes).digest('binary')
}

export function keccak256Hex(hex: Hex): Hex {
  return `0x${hasher.init().update(passingBytesOf(hex)).digest('hex')}`
}
