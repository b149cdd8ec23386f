// Keccak-256, as the KECCAK256 instruction and addresses need it: WASM, for a validation hashes some dozens
// of times, and in JavaScript each takes ten times as long.
import { createKeccak } from 'hash-wasm'

const hasher = await createKeccak(256)

export function keccak256(bytes: Uint8Array): Uint8Array {
  return hasher.init().update(bytes).digest('binary')
}
