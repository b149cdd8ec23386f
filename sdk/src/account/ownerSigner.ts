// How the two kinds of owners of a ComputeAccount sign for it: operations, and everything else (ERC-1271).
import { type Address, type Hex, hashTypedData, type LocalAccount } from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'
import { encodeWebAuthnSignature, stubWebAuthnSignature } from './webAuthnSignature.ts'

export type OwnerSigner = {
  /** As long and dear as a real one, but nobody's. */
  readonly stubSignature: Hex
  readonly signOperation: (userOperationHash: Hex) => Promise<Hex>
  /** Of any other hash: what is signed is bound to account and chain (`replaySafeHash`). */
  readonly signFor: (hash: Hex, place: Place) => Promise<Hex>
}
type Place = { readonly account: Address; readonly chainId: number }

/** Well-formed, with the lower s, and recovered to an address that owns nothing. */
export const stubKeySignature: Hex = `0x${'ff'.repeat(15)}f0${'00'.repeat(15)}01${'7a'.repeat(32)}1c`

export function ownerSigner(owner: LocalAccount | WebAuthnAccount): OwnerSigner {
  return owner.type === 'webAuthn' ? passkeySigner(owner) : keySigner(owner)
}

function keySigner(owner: LocalAccount): OwnerSigner {
  return {
    stubSignature: stubKeySignature,
    signOperation: hash => owner.signMessage({ message: { raw: hash } }),
    signFor: (hash, place) => owner.signTypedData(replaySafeMessage(hash, place)),
  }
}

function passkeySigner(owner: WebAuthnAccount): OwnerSigner {
  const sign = async (hash: Hex) => encodeWebAuthnSignature(await owner.sign({ hash }))
  return {
    stubSignature: stubWebAuthnSignature,
    signOperation: sign,
    signFor: (hash, place) => sign(hashTypedData(replaySafeMessage(hash, place))),
  }
}

function replaySafeMessage(hash: Hex, { account, chainId }: Place) {
  return {
    domain: { name: 'ComputeAccount', version: '1', chainId, verifyingContract: account },
    types: { ComputeAccountMessage: [{ name: 'hash', type: 'bytes32' }] },
    primaryType: 'ComputeAccountMessage',
    message: { hash },
  } as const
}
