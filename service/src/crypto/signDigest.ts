// Signs a digest by a secp256k1 key, as Ethereum reads it: r, s, v; s in the lower half (EIP-2); the nonce from key and
// digest (RFC 6979), so that the same digest is signed alike. WASM: in JavaScript it takes six times as long.
import { instantiateSecp256k1 } from '@bitauth/libauth/build/lib/crypto/secp256k1.js'
import type { Hex } from 'viem'
import { bytesOf, hexOf } from './bytes.ts'

const secp256k1 = await instantiateSecp256k1()

/** 65 bytes; throws when the key is none of the curve. */
export function signDigest(privateKey: Hex, digest: Uint8Array): Hex {
  const signed = secp256k1.signMessageHashRecoverableCompact(bytesOf(privateKey), digest)
  if (typeof signed === 'string') throw new Error('The private key is none of secp256k1')
  return `${hexOf(signed.signature)}${signed.recoveryId === 0 ? '1b' : '1c'}`
}

/** The same, of what passes from one thread to another. */
export function signAsked([privateKey, digest]: readonly [privateKey: Hex, digest: Hex]): Hex {
  return signDigest(privateKey, bytesOf(digest))
}
