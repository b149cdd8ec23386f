// What a bundler signs for a bundle that it has sent, and who has signed.
import { type BundleCommit, bundleCommitTypes, bundlingDomain } from '@worldland-aa/sdk/protocol/bundling'
import { bytesOf } from '@worldland-aa/service/crypto/bytes'
import { signerOfDigest } from '@worldland-aa/service/crypto/signerOfDigest'
import { type Address, concat, type Hash, hashTypedData, keccak256 } from 'viem'
import type { SignedBundleCommit } from '../gossip/messages.ts'

/** Of the operations in the bundle's order. */
export function operationsHashOf(operations: readonly Hash[]): Hash {
  return keccak256(concat(operations))
}

export function commitHash(commit: BundleCommit, domain: { chainId: number; court: Address }): Hash {
  return hashTypedData({
    domain: bundlingDomain(domain.chainId, domain.court),
    types: bundleCommitTypes,
    primaryType: 'BundleCommit',
    message: commit,
  })
}

/** Undefined where it is no signature that the court takes. */
export function signerOfCommit(
  { commit, signature }: SignedBundleCommit,
  domain: { chainId: number; court: Address },
): Address | undefined {
  return signerOfDigest(bytesOf(commitHash(commit, domain)), signature)
}
