// What gas costs now: for the bundles we send, for the prices we quote, and for the least we accept.
// One eth_feeHistory a block feeds all three.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import type { PublicClient } from 'viem'

/** Wei per gas. */
export type FeePair = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

export type CurrentFees = {
  /** Of the next block. */
  readonly baseFeePerGas: bigint
  readonly slow: FeePair
  readonly standard: FeePair
  readonly fast: FeePair
}

export type FeesOptions = {
  readonly client: PublicClient
  /** Lowest tip that miners take; wei per gas. */
  readonly minimumPriorityFeePerGasWei: bigint
  /** Never more than this, for anything; wei per gas. */
  readonly maxFeePerGasWei: bigint
  readonly registry: Registry
  readonly logger: Logger
}

export type Fees = Part & {
  currentFees(): CurrentFees
  /** The least with which an operation is worth taking: the lowest of the last blocks, so that a quote stays good. */
  minimumFees(): FeePair
  onChainUpdate(update: ChainUpdate): Promise<void>
}

export declare function createFees(options: FeesOptions): Fees
