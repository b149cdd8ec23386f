// Whose key signed a digest, as OpenZeppelin's ECDSA has it: 65 bytes r ‖ s ‖ v, v of 27 or 28, s in the lower half. WASM:
// whoever hears of every promise and bundle of a network recovers several signers for each operation. Nothing large is
// imported, for a thread loads it too.
import { instantiateSecp256k1 } from '@bitauth/libauth/build/lib/crypto/secp256k1.js'
import type { Hex } from 'viem'
import { bytesOf, hexOf, passingBytesOf } from './bytes.ts'
import { keccak256 } from './keccak256.ts'

const secp256k1 = await instantiateSecp256k1()
/** Half of the curve's order. */
const highestS = '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0'
const form = /^0x[0-9a-f]{64}([0-9a-f]{64})(1b|1c)$/

/** The address in lower case; undefined where it is no such signature. */
export function recoverSigner(digest: Uint8Array, signature: Hex): Hex | undefined {
  const [text, s = '', v] = form.exec(signature.toLowerCase()) ?? []
  if (text === undefined || s > highestS) return undefined
  const key = secp256k1.recoverPublicKeyUncompressed(
    bytesOf(text.slice(0, 130) as Hex),
    v === '1b' ? 0 : 1,
    digest,
  )
  if (typeof key === 'string') return undefined
  return hexOf(keccak256(key.subarray(1)).subarray(12))
}

/** The same, of what passes from one thread to another. */
export function recoverAsked([digest, signature]: readonly [digest: Hex, signature: Hex]): Hex | undefined {
  return recoverSigner(passingBytesOf(digest), signature)
}
