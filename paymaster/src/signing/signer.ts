// The key that the paymaster contract trusts. Behind one small face, so that a key in a KMS or HSM can
// take the place of a local one.
import { signDigest } from '@worldland-aa/service/crypto/signDigest'
import type { Address, Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'

export type Signer = {
  readonly address: Address
  /** 65 bytes: r, s, v; s in the lower half. */
  sign(digest: Uint8Array): Promise<Hex>
}

export function createLocalSigner(privateKey: Hex): Signer {
  return {
    address: privateKeyToAddress(privateKey),
    sign: async digest => signDigest(privateKey, digest),
  }
}
