// The key pair that something is sealed to: a renter's for the access to its machine, a provider's for what
// renters ask of it.
import { x25519 } from '@noble/curves/ed25519'
import { bytesToHex, type Hex, hexToBytes } from 'viem'
import { ComputeError } from '../errors/computeError.ts'
import { isSealingKey } from './isSealingKey.ts'

/** X25519, 32 bytes each. */
export type SealingKey = {
  /** Keep it: it alone opens what was sealed to the public key. */
  readonly privateKey: Hex
  readonly publicKey: Hex
}

/**
 * Makes a key pair at random.
 *
 * @example
 * import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
 *
 * const { privateKey, publicKey } = createSealingKey()
 */
export function createSealingKey(): SealingKey {
  return toSealingKey(bytesToHex(x25519.utils.randomPrivateKey()))
}

/**
 * The key pair of a private key, for instance of one that a provider keeps in a file.
 *
 * @example
 * import { toSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
 *
 * const { publicKey } = toSealingKey(privateKey)
 */
export function toSealingKey(privateKey: Hex): SealingKey {
  const publicKey = bytesToHex(x25519.getPublicKey(sealingKeyBytes(privateKey, 'private')))
  return { privateKey, publicKey }
}

/** Throws a sentence for what is no key. */
export function sealingKeyBytes(key: Hex, which: 'private' | 'public'): Uint8Array {
  if (isSealingKey(key)) return hexToBytes(key)
  throw new ComputeError({
    // Never the value of a private key.
    problem: `The ${which} key${which === 'public' ? ` "${String(key).slice(0, 80)}"` : ''} is not 32 bytes of hex.`,
    remedy: 'Give a key of createSealingKey, or the provider’s own from getProvider.',
  })
}
