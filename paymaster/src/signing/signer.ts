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

/** How a key that is here signs; may be elsewhere in the process. */
export type SignByKey = (privateKey: Hex, digest: Uint8Array) => Promise<Hex>

const signHere: SignByKey = async (key, digest) => signDigest(key, digest)

export function localSigner({ key, account }: PrivateKey, sign: SignByKey = signHere): Signer {
  return { address: account.address, sign: digest => sign(key, digest) }
}
