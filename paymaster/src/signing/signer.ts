// The key that the paymaster contract trusts. Behind one small face, so that a key in a KMS or HSM can
// take the place of a local one.
import type { Address, Hex, TypedDataDefinition } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

export type Signer = {
  readonly address: Address
  /** 65 bytes: r, s, v. */
  signTypedData(typedData: TypedDataDefinition): Promise<Hex>
}

export function createLocalSigner(privateKey: Hex): Signer {
  const account = privateKeyToAccount(privateKey)
  return {
    address: account.address,
    signTypedData: typedData => account.signTypedData(typedData),
  }
}
