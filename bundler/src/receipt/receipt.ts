// The truth: what landed, by whomever, how deep it stands and what it did. Follows the EntryPoint's
// logs by block hash, so that a reorg walks back exactly what it took.
import type { BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import type { Address, Hash, Hex, PublicClient, RpcLog, RpcTransactionReceipt } from 'viem'
import type { RpcUserOperation } from 'viem/account-abstraction'
import type { Commits, Database } from '../database.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'

export type ReceiptsOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly database: Database
  readonly commits: Commits
  readonly mempool: Mempool
  readonly reputation: Reputation
  /** Depth at which an inclusion is final. */
  readonly finalityBlocks: number
  /** How far back a start looks for what a reorg changed while the node was down. */
  readonly rescanBlocks: number
  /** How far back an operation that this node never saw is looked for. */
  readonly lookupBlocks: number
  /** Blocks asked for in one eth_getLogs. */
  readonly logRangeBlocks: number
  readonly registry: Registry
  readonly logger: Logger
}

/** ERC-7769 eth_getUserOperationReceipt as it goes on the wire: quantities are hex. */
export type UserOperationReceipt = {
  readonly userOpHash: Hash
  readonly entryPoint: Address
  readonly sender: Address
  readonly nonce: Hex
  /** Absent when the account paid. */
  readonly paymaster?: Address
  readonly actualGasCost: Hex
  readonly actualGasUsed: Hex
  readonly success: boolean
  /** Revert data of the failed call or postOp. */
  readonly reason?: Hex
  /** Of this operation's execution only. */
  readonly logs: readonly RpcLog[]
  /** As the node gave it. */
  readonly receipt: RpcTransactionReceipt
}

/** ERC-7769 eth_getUserOperationByHash as it goes on the wire; block fields are null while it waits. */
export type UserOperationByHash = {
  readonly userOperation: RpcUserOperation<'0.7'>
  readonly entryPoint: Address
  readonly blockNumber: Hex | null
  readonly blockHash: Hash | null
  readonly transactionHash: Hash | null
}

/** Where an operation is, in the words of pimlico_getUserOperationStatus. */
export type OperationStatus = {
  /**
   * `not_submitted` waits in the mempool, `submitted` in a transaction; `rejected` was dropped; `included`
   * landed; `failed` landed and its call reverted.
   */
  readonly status: 'not_found' | 'not_submitted' | 'submitted' | 'rejected' | 'included' | 'failed'
  readonly transactionHash: Hash | null
  /** Blocks from its own to the head, both counted; only of what landed. */
  readonly confirmations?: number
  /** As deep as finalityBlocks. */
  readonly final?: boolean
  /** Why it was rejected. */
  readonly reason?: string
}

export type Receipts = Part & {
  receiptOf(userOperationHash: Hash): Promise<UserOperationReceipt | null>
  operationByHash(userOperationHash: Hash): Promise<UserOperationByHash | null>
  statusOf(userOperationHash: Hash): Promise<OperationStatus>
  /** The last block taken in; a later start of the chain follower may resume from it. */
  cursor(): BlockReference | undefined
  onChainUpdate(update: ChainUpdate): Promise<void>
}

export declare function createReceipts(options: ReceiptsOptions): Receipts
