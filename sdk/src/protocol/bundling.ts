// What bundlers sign for each other and for users, as EIP-712 messages: the registry's two consents (its own address as
// verifyingContract), and the promises and commits that its court judges (the court's).
import type { Address, Hash, TypedDataDomain } from 'viem'

/** "Operation `userOpHash` is landed in block `latestBlock` or before, while the base fee allows it." */
export type InclusionPromise = {
  readonly bundlerId: number
  readonly userOpHash: Hash
  readonly sender: Address
  /** The operation's whole nonce, key and sequence. */
  readonly nonce: bigint
  readonly latestBlock: bigint
  /** Wei of gas; above it the promise binds nobody. */
  readonly maxBaseFeePerGas: bigint
}

/** "This is the bundle I have sent as the `sequence`-th of window `window`." */
export type BundleCommit = {
  readonly bundlerId: number
  /** Block number / `windowBlocks`, rounded down. */
  readonly window: bigint
  /** Its place in the window, which no other bundle of it has; rising, with gaps. */
  readonly sequence: number
  /** keccak256 of the userOpHashes, one after the other in the bundle's order. */
  readonly operationsHash: Hash
  readonly transactionHash: Hash
}

/** @param verifyingContract The court for promises and commits, the registry for registrations and consents. */
export function bundlingDomain(chainId: number, verifyingContract: Address): TypedDataDomain {
  return { name: 'WorldlandBundling', version: '1', chainId, verifyingContract }
}

export const inclusionPromiseTypes = {
  InclusionPromise: [
    { name: 'bundlerId', type: 'uint32' },
    { name: 'userOpHash', type: 'bytes32' },
    { name: 'sender', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'latestBlock', type: 'uint64' },
    { name: 'maxBaseFeePerGas', type: 'uint128' },
  ],
} as const

export const bundleCommitTypes = {
  BundleCommit: [
    { name: 'bundlerId', type: 'uint32' },
    { name: 'window', type: 'uint64' },
    { name: 'sequence', type: 'uint32' },
    { name: 'operationsHash', type: 'bytes32' },
    { name: 'transactionHash', type: 'bytes32' },
  ],
} as const

/** By the node's key: that it belongs to `operator`, who registers it. */
export const bundlerRegistrationTypes = {
  BundlerRegistration: [{ name: 'operator', type: 'address' }],
} as const

/** By an executor: that its bundles are those of the bundler, whose operator this is. */
export const executorConsentTypes = {
  ExecutorConsent: [
    { name: 'bundlerId', type: 'uint32' },
    { name: 'operator', type: 'address' },
  ],
} as const
