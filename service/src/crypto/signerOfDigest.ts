// Who signed a digest, as addresses are written.
import { type Address, getAddress, type Hex } from 'viem'
import { recoverSigner } from './recoverSigner.ts'

/** Undefined where it is no signature that `recoverSigner` takes. */
export function signerOfDigest(digest: Uint8Array, signature: Hex): Address | undefined {
  const signer = recoverSigner(digest, signature)
  return signer && getAddress(signer)
}
