// The promise in the form that is signed and judged: EIP-712 over the court's domain, by the key that is the node's
// identity in the network.
import {
  bundlingDomain,
  type InclusionPromise,
  inclusionPromiseTypes,
} from '@worldland-aa/sdk/protocol/bundling'
import { bytesOf } from '@worldland-aa/service/crypto/bytes'
import { signDigest } from '@worldland-aa/service/crypto/signDigest'
import { signerOfDigest } from '@worldland-aa/service/crypto/signerOfDigest'
import { type Address, type Hash, type Hex, hashTypedData } from 'viem'
import type { SignedInclusionPromise } from '../gossip/messages.ts'

/** Where a promise can be brought: the same words to another court are another promise. */
export type CourtDomain = { readonly chainId: number; readonly court: Address }

export function promiseDigest(promise: InclusionPromise, { chainId, court }: CourtDomain): Hash {
  return hashTypedData({
    domain: bundlingDomain(chainId, court),
    types: inclusionPromiseTypes,
    primaryType: 'InclusionPromise',
    message: promise,
  })
}

export function signPromise(
  promise: InclusionPromise,
  domain: CourtDomain,
  nodeKey: Hex,
): SignedInclusionPromise {
  return { promise, signature: signDigest(nodeKey, bytesOf(promiseDigest(promise, domain))) }
}

/** Whose key signed it; undefined when that is no signature. */
export function signerOfPromise(
  { promise, signature }: SignedInclusionPromise,
  domain: CourtDomain,
): Address | undefined {
  return signerOfDigest(bytesOf(promiseDigest(promise, domain)), signature)
}
