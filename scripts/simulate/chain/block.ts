// Blocks and transactions of the modelled chain.
import type { Operation } from '../operations.ts'

export type Transaction = {
  readonly number: number
  /** Place of its bundler. */
  readonly node: number
  /** Of all executors there are. */
  readonly executor: number
  readonly nonce: number
  /** A cancellation gives its nonce back. */
  readonly kind: 'bundle' | 'cancellation'
  readonly operations: readonly Operation[]
  /** Wei per gas for the miner. */
  readonly tipWei: bigint
  readonly gasLimit: number
  /** Through BundleGuard: the last block in which it lands anything. */
  readonly guard: { readonly lastBlock: number | undefined } | undefined
  /** For which block it was made, and in what standing. */
  readonly nextBlock: number
  readonly rank: number | undefined
  /** Seconds at which the miners have it. */
  readonly minersHaveIt: number
}

export type Outcome = {
  readonly transaction: Transaction
  readonly gasUsed: number
  /** Of that, what landed nothing. */
  readonly wastedGas: number
  readonly landed: readonly Operation[]
  readonly result: 'landed' | 'nothing' | 'reverted' | 'cancelled'
}

export type Block = {
  /** Of all blocks that were found. */
  readonly number: number
  readonly height: number
  /** Salts its hash: blocks of a losing branch have another. */
  readonly branch: number
  readonly parent: Block | undefined
  readonly seconds: number
  readonly baseFeeWei: bigint
  readonly outcomes: readonly Outcome[]
  readonly gasUsed: number
}
