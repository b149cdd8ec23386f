// A key that the paymaster contract trusts. Behind one small face, so that a key in a KMS or HSM can
// take the place of a local one.
import { signDigest } from '@worldland-aa/service/crypto/signDigest'
import type { PrivateKey } from '@worldland-aa/service/keys/parsePrivateKeys'
import type { Address, Hex } from 'viem'

export type Signer = {
  readonly address: Address
  /** 65 bytes: r, s, v; s in the lower half. */
  sign(digest: Uint8Array): Promise<Hex>
}

export function localSigner({ key, account }: PrivateKey): Signer {
  return {
    address: account.address,
    sign: async digest => signDigest(key, digest),
  }
}
