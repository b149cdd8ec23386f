// Which storage slots belong to an address, wherever they are: its balance in a token, its allowance.

import { keccak256Hex } from '@worldland-aa/service/crypto/keccak256'
import type { Address, Hex } from 'viem'

/** ERC-7562: n of `keccak(A || x) + n`. */
const maxOffset = 128n

/**
 * ERC-7562 "Associated storage": slot A itself, or keccak(A || x) + n with n in 0..128.
 * Roots come from what validation hashed: `keccakPreimages` of its trace.
 */
export function associatedSlots(address: Address, keccakPreimages: readonly Hex[]): (slot: Hex) => boolean {
  const padded = `0x${address.slice(2).padStart(64, '0')}`
  let roots: readonly bigint[] | undefined
  return slot => {
    // Most accounts touch nothing but their own storage, and nobody asks.
    roots ??= keccakPreimages
      .filter(preimage => preimage.startsWith(padded))
      .map(root => BigInt(keccak256Hex(root)))
    const number = BigInt(slot)
    return number === BigInt(address) || roots.some(root => number >= root && number <= root + maxOffset)
  }
}
