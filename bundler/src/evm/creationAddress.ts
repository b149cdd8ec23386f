// Where a creation puts its contract.

import { bytesOf, hexOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import { type Address, concatBytes, type Hex, numberToHex, toRlp } from 'viem'

export function createAddress(creator: Address, nonce: bigint): Address {
  const preimage = toRlp([creator, nonce === 0n ? '0x' : numberToHex(nonce)], 'bytes')
  return hexOf(keccak256(preimage).subarray(12))
}

/** EIP-1014 */
export function create2Address(creator: Address, salt: Hex, initcode: Uint8Array): Address {
  const preimage = concatBytes([Uint8Array.of(0xff), bytesOf(creator), bytesOf(salt), keccak256(initcode)])
  return hexOf(keccak256(preimage).subarray(12))
}
