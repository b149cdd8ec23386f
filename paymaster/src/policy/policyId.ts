// A policy's name as the contract carries it: the first 16 bytes of its hash.
import { type Hex, keccak256, slice, stringToHex } from 'viem'

export function onChainPolicyId(id: string): Hex {
  return slice(keccak256(stringToHex(id)), 0, 16)
}

/** What token modes carry: nobody sponsors them. */
export const noPolicyId: Hex = `0x${'00'.repeat(16)}`
