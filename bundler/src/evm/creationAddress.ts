// Where a creation puts its contract.
import { type Address, bytesToHex, concatBytes, type Hex, hexToBytes, numberToHex, toRlp } from 'viem'
import { keccak256 } from './keccak.ts'

export function createAddress(creator: Address, nonce: bigint): Address {
  const preimage = toRlp([creator, nonce === 0n ? '0x' : numberToHex(nonce)], 'bytes')
  return bytesToHex(keccak256(preimage).subarray(12))
}

/** EIP-1014 */
export function create2Address(creator: Address, salt: Hex, initcode: Uint8Array): Address {
  const preimage = concatBytes([
    Uint8Array.of(0xff),
    hexToBytes(creator),
    hexToBytes(salt),
    keccak256(initcode),
  ])
  return bytesToHex(keccak256(preimage).subarray(12))
}
