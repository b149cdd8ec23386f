// Which storage slots hold what belongs to an address, however deep in mappings: its balance, and the allowances that
// it gives, which ERC-7562 counts to their spender alone.

import { keccak256Hex } from '@worldland-aa/service/crypto/keccak256'
import type { Address, Hex } from 'viem'

/** ERC-7562 "Associated storage": n of `keccak(A || x) + n`. */
const maxOffset = 128n
const wordCharacters = 64

/**
 * `keccak(A || x) + n`, and `keccak(y || k) + n` where k is such a root itself: mappings within a mapping. Roots come
 * from what validation hashed.
 */
export function keyedSlots(address: Address, keccakPreimages: readonly Hex[]): (slot: Hex) => boolean {
  const padded = `0x${address.slice(2).toLowerCase().padStart(wordCharacters, '0')}`
  const hashes = new Map(keccakPreimages.map(preimage => [preimage, keccak256Hex(preimage)]))
  const roots = new Set<string>()
  const isKeyed = (preimage: Hex): boolean =>
    preimage.startsWith(padded) || roots.has(`0x${preimage.slice(2 + wordCharacters)}`)
  // The outer mapping of one may stand before its inner one in the list.
  for (let known = -1; known < roots.size; ) {
    known = roots.size
    for (const [preimage, hash] of hashes) if (isKeyed(preimage)) roots.add(hash)
  }
  const numbers = [...roots].map(BigInt)
  return slot => {
    const number = BigInt(slot)
    return number === BigInt(address) || numbers.some(root => number >= root && number <= root + maxOffset)
  }
}
