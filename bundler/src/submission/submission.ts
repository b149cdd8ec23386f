// Brings bundles on chain: which executor and nonce carries one, at what fee, and what happens to it
// until its block is final. Nothing is broadcast that is not in the journal.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import type { Registry } from 'prom-client'
import type { Address, Hash, Hex, LocalAccount, PublicClient } from 'viem'
import type { Commits, Database } from '../database.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { FeePair } from './fees.ts'

export type SubmissionLimits = {
  /** Transactions an executor may have waiting at once. */
  readonly maxInFlightPerExecutor: number
  /** Wei below which an executor is set aside until it is refilled. */
  readonly minimumExecutorBalanceWei: bigint
  /** A node refuses a transaction whose gasLimit × maxFeePerGas is above it. */
  readonly transactionFeeCapWei: bigint
  /** Percent by which a replacement must be dearer in both fees (geth --txpool.pricebump). */
  readonly replacementBumpPercent: number
  /** Blocks a transaction may wait before it is replaced by a dearer one. */
  readonly resubmitAfterBlocks: number
  /** Blocks a nonce may wait in all before it is given back by an empty transaction. */
  readonly cancelAfterBlocks: number
  /** Depth at which a mined transaction is forgotten. */
  readonly finalityBlocks: number
}

export type SubmissionOptions = {
  readonly client: PublicClient
  readonly chainId: number
  readonly entryPoint: Address
  readonly executors: readonly LocalAccount[]
  /** Who receives the operations' gas payments; absent: the executor that sends the bundle. */
  readonly beneficiary?: Address | undefined
  readonly database: Database
  readonly commits: Commits
  readonly mempool: Mempool
  readonly limits: SubmissionLimits
  readonly registry: Registry
  readonly logger: Logger
}

/** A place for one bundle: who would send it, and what it must pay at least. */
export type Slot = {
  readonly executor: Address
  readonly beneficiary: Address
  /** Wei that the executor can still promise: gasLimit × maxFeePerGas must not exceed it. */
  readonly spendableWei: bigint
  /** Set when the bundle takes the place of an earlier transaction of the same nonce. */
  readonly replaces?: {
    readonly nonce: number
    readonly because: 'stuck' | 'stale'
    /** Both fees must reach these. */
    readonly minimumFees: FeePair
    /** The operations that still ride on this nonce. */
    readonly operations: readonly Hash[]
    /** Nothing profitable is left to wait for: cancel rather than wait on. */
    readonly overdue: boolean
  }
}

export type Bundle = {
  readonly operations: readonly Hash[]
  /** handleOps(operations, slot.beneficiary) */
  readonly data: Hex
  readonly gasLimit: bigint
  readonly fees: FeePair
}

export type RevertedBundle = {
  readonly transactionHash: Hash
  readonly executor: Address
  readonly operations: readonly Hash[]
}

export type ExecutorStatus = {
  readonly address: Address
  readonly balanceWei: bigint
  readonly inFlight: number
  /** Why it sends nothing at the moment. */
  readonly setAside?: string
}

export type Submission = Part & {
  /** The best free place for a new bundle; undefined when every executor is busy or poor. */
  freeSlot(): Slot | undefined
  /** Nonces whose transaction must be replaced now, because it waits too long or would revert. */
  dueReplacements(): readonly Slot[]
  /** Signs, journals, then broadcasts. Resolves with the transaction's hash once it is in the journal. */
  submit(slot: Slot, bundle: Bundle): Promise<Result<Hash>>
  /** Gives the nonce back by an empty transaction. */
  cancel(slot: Slot): Promise<void>
  executors(): readonly ExecutorStatus[]
  /** Called when a bundle landed and reverted as a whole. */
  onReverted(listener: (bundle: RevertedBundle) => void): void
  /** After the receipts have taken the update in. */
  onChainUpdate(update: ChainUpdate): Promise<void>
}

export declare function createSubmission(options: SubmissionOptions): Submission
