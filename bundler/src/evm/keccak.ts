// Keccak-256, as the KECCAK256 instruction and addresses need it.
import { keccak256 as hash } from 'viem'

export function keccak256(bytes: Uint8Array): Uint8Array {
  return hash(bytes, 'bytes')
}
