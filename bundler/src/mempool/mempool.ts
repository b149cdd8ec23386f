// The waiting room: which operations wait, in which order they leave, and who must make room.
// Everything acknowledged here is on the disk first.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { Registry } from 'prom-client'
import type { Address, Hash } from 'viem'
import type { Commits, Database } from '../database.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { UserOperation, ValidatedOperation } from '../validation/validatedOperation.ts'

export type MempoolLimits = {
  /** Operations that may wait at once; above it the lowest paying make room. */
  readonly maxOperations: number
  /** ERC-7562 SAME_SENDER_MEMPOOL_COUNT */
  readonly maxPerUnstakedSender: number
  /** ERC-7562 SAME_UNSTAKED_ENTITY_MEMPOOL_COUNT */
  readonly maxPerUnstakedPaymaster: number
  /** ERC-7562 THROTTLED_ENTITY_MEMPOOL_COUNT */
  readonly maxPerThrottledEntity: number
  /** Blocks that an operation of a throttled entity may wait. ERC-7562 THROTTLED_ENTITY_LIVE_BLOCKS */
  readonly throttledLiveBlocks: number
  /** Percent by which both fees must exceed those of the operation that is replaced. */
  readonly replacementBumpPercent: number
}

export const defaultMempoolLimits: MempoolLimits = {
  maxOperations: 20_000,
  maxPerUnstakedSender: 4,
  maxPerUnstakedPaymaster: 10,
  maxPerThrottledEntity: 4,
  throttledLiveBlocks: 10,
  replacementBumpPercent: 10,
}

export type MempoolOptions = {
  readonly database: Database
  readonly commits: Commits
  readonly reputation: Reputation
  /** Wei that the paymaster has in the EntryPoint; read once a block and paymaster. */
  readonly depositOf: (paymaster: Address) => Promise<bigint>
  readonly limits: MempoolLimits
  readonly registry: Registry
  readonly logger: Logger
}

/** An operation that waits for a bundle (`pending`) or for its bundle's block (`submitted`). */
export type PooledOperation = {
  readonly validated: ValidatedOperation
  readonly state: 'pending' | 'submitted'
  /** Block number at which it came in. */
  readonly addedAtBlock: bigint
  /** The transaction that carries it while `submitted`. */
  readonly transactionHash?: Hash
}

/** An operation this node has acknowledged at any time. */
export type KnownOperation = {
  readonly validated: ValidatedOperation
  readonly state: 'pending' | 'submitted' | 'landed' | 'dropped'
  readonly transactionHash?: Hash
  /** Why it was dropped. */
  readonly refusal?: Refusal
}

export type Mempool = Part & {
  /** Resolves with the userOperationHash once the operation is on the disk. A known one gets its hash again. */
  add(validated: ValidatedOperation): Promise<Result<Hash>>
  /** The operation in whatever state, also after a restart. */
  find(hash: Hash): Promise<KnownOperation | undefined>
  /** The operation if it waits or is in flight. */
  get(hash: Hash): PooledOperation | undefined
  /** What waits or is in flight (debug_bundler_dumpMempool), in order of arrival. */
  dump(): readonly UserOperation[]
  size(): { readonly pending: number; readonly submitted: number }
  /** Empties the pool: everything is dropped, with that reason (debug_bundler_clearMempool). */
  clear(): Promise<void>

  /**
   * Operations that may go into a bundle now, best paying first at this base fee: the first nonce of each
   * lane, of senders that have nothing in flight.
   */
  candidates(baseFeePerGas: bigint): Iterable<PooledOperation>
  inFlight(): Iterable<PooledOperation>
  /** Called, without arguments, whenever an operation has become a candidate. */
  onArrival(listener: () => void): void
  /** Replaces what is known about a waiting operation by what second validation saw. */
  refresh(validated: ValidatedOperation): void
  /** These ride in a journaled transaction now. */
  submitted(hashes: readonly Hash[], transactionHash: Hash): void
  /** These are in no transaction any more and wait again. */
  released(hashes: readonly Hash[]): void
  /** These stand in a canonical block. Unknown hashes are passed over. */
  landed(hashes: readonly Hash[]): Promise<void>
  /** A reorg took these out of the chain: they wait again. */
  resurrect(hashes: readonly Hash[]): Promise<void>
  /** Ends a waiting operation; the reason answers every later question about it. */
  drop(hash: Hash, refusal: Refusal): Promise<void>
  /** Lets go of what has expired and of what throttled and banned entities may not keep. */
  onChainUpdate(update: ChainUpdate): Promise<void>
}

export declare function createMempool(options: MempoolOptions): Mempool
