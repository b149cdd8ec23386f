// A node's libp2p identity is its secp256k1 key, the one that the registry knows: nobody else can be it.
import { privateKeyFromRaw, publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromPublicKey } from '@libp2p/peer-id'
import { type Hex, hexToBytes, size } from 'viem'

export function nodeKeyOf(nodeKey: Hex): PrivateKey {
  return privateKeyFromRaw(hexToBytes(nodeKey))
}

export function peerIdOfKey(key: PrivateKey): string {
  return peerIdFromPrivateKey(key).toString()
}

/** Of the 64 bytes x ‖ y that the registry keeps; undefined where they are no key. */
export function peerIdOf(publicKey: Hex): string | undefined {
  if (size(publicKey) !== 64) return undefined
  const bytes = hexToBytes(publicKey)
  const isOdd = ((bytes[63] ?? 0) & 1) === 1
  try {
    const compressed = Uint8Array.of(isOdd ? 3 : 2, ...bytes.subarray(0, 32))
    return peerIdFromPublicKey(publicKeyFromRaw(compressed)).toString()
  } catch {
    // An x that is on no point of the curve.
    return undefined
  }
}
