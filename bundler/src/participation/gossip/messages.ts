// What bundlers tell each other beside operations, and what comes of what they are told. The typed data that is signed
// stands in the SDK.
import type { BundleCommit, InclusionPromise } from '@worldland-aa/sdk/protocol/bundling'
import type { Hash, Hex } from 'viem'

/** 65 bytes r ‖ s ‖ v by the bundler's node key (EIP-712). */
export type SignedBundleCommit = {
  readonly commit: BundleCommit
  readonly operations: readonly Hash[]
  readonly signature: Hex
}

/** 65 bytes r ‖ s ‖ v by the bundler's node key (EIP-712). */
export type SignedInclusionPromise = { readonly promise: InclusionPromise; readonly signature: Hex }

/** accept: taken in, and passed on. ignore: neither, and nobody's fault. reject: nobody honest would have sent it. */
export type Verdict = 'accept' | 'ignore' | 'reject'
