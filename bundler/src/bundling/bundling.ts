// Which operations go together, and does the bundle pay for itself? Builds when operations have
// gathered or a block has come; an RPC failure drops nothing.
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import type { Registry } from 'prom-client'
import type { Address, Hash, PublicClient } from 'viem'
import type { Mempool } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { Fees } from '../submission/fees.ts'
import type { Submission } from '../submission/submission.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

export type BundlingLimits = {
  /** Gas of one bundle. */
  readonly bundleGasLimit: bigint
  /** Percent of a block's gas that one bundle may ask for. */
  readonly blockGasSharePercent: number
  readonly maxTransactionBytes: number
  /** How long operations gather before a bundle is built. */
  readonly gatherMilliseconds: number
  /** Percent that the operations must pay above the gas of their bundle. */
  readonly profitMarginPercent: number
  /** ERC-7562 THROTTLED_ENTITY_BUNDLE_COUNT */
  readonly maxPerThrottledEntity: number
  /** Seconds past the head's timestamp for which an operation must stay valid to be sent. */
  readonly expiryMarginSeconds: number
}

export type BundlingOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly mempool: Mempool
  readonly submission: Submission
  readonly fees: Fees
  readonly reputation: Reputation
  readonly depositOf: (paymaster: Address) => Promise<bigint>
  /** Second validation, at the head of now. */
  readonly revalidate: (validated: ValidatedOperation) => Promise<Result<ValidatedOperation>>
  readonly head: () => Block
  readonly limits: BundlingLimits
  readonly registry: Registry
  readonly logger: Logger
}

export type BundlingMode = 'auto' | 'manual'

export type Bundling = Part & {
  onChainUpdate(update: ChainUpdate): void
  /** Builds and sends all it can now, in either mode; the hashes of the transactions (debug_bundler_sendBundleNow). */
  sendNow(): Promise<readonly Hash[]>
  /** `manual` builds only on sendNow (debug_bundler_setBundlingMode). */
  setMode(mode: BundlingMode): void
}

export declare function createBundling(options: BundlingOptions): Bundling
