// The truth: what landed, by whomever, how deep it stands and what it did. Follows the EntryPoint's
// logs by block hash, so that a reorg walks back exactly what it took.
import type { BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import {
  type Address,
  type Hash,
  type Hex,
  numberToHex,
  type PublicClient,
  type RpcLog,
  type RpcTransactionReceipt,
} from 'viem'
import { formatUserOperationRequest, type RpcUserOperation } from 'viem/account-abstraction'
import type { Commits, Database } from '../database.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { createCalldataReader } from './calldataReader.ts'
import { createFinality } from './finality.ts'
import { createInclusionReader, type Inclusion } from './inclusion.ts'
import { createInclusionStore } from './inclusionStore.ts'
import { createLandedOperations } from './landedOperations.ts'
import { createLedger } from './ledger.ts'
import { createReceiptMetrics } from './metrics.ts'
import { readUserOperationReceipt } from './readUserOperationReceipt.ts'
import { createStrangerSearch } from './strangerSearch.ts'
import { createTransactionCache } from './transactionCache.ts'

export type ReceiptsOptions = {
  readonly client: PublicClient
  readonly chainId: number
  readonly entryPoint: Address
  readonly version: EntryPointVersion
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
  /** Told of what has landed of this node's mempool, by whomever. */
  readonly onLanded?: ((landed: readonly Inclusion[]) => void) | undefined
  readonly registry: Registry
  readonly logger: Logger
}

/** ERC-7769 eth_getUserOperationReceipt as it goes on the wire: quantities are hex. */
export type UserOperationReceipt = {
  readonly userOpHash: Hash
  readonly entryPoint: Address
  readonly sender: Address
  readonly nonce: Hex
  /** Zero when the account paid. Clients read it as text, and fail without it. */
  readonly paymaster: Address
  readonly actualGasCost: Hex
  readonly actualGasUsed: Hex
  readonly success: boolean
  /** Revert data of the failed call or postOp; 0x when nothing failed. */
  readonly reason: Hex
  /** Of this operation's execution only. */
  readonly logs: readonly RpcLog[]
  /** As the node gave it. */
  readonly receipt: RpcTransactionReceipt
}

/** ERC-7769 eth_getUserOperationByHash as it goes on the wire; block fields are null while it waits. */
export type UserOperationByHash = {
  readonly userOperation: RpcUserOperation
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

export function createReceipts(options: ReceiptsOptions): Receipts {
  const { client, entryPoint, version, mempool } = options
  const metrics = createReceiptMetrics(options.registry)
  const reader = createInclusionReader(options)
  const store = createInclusionStore(options)
  const finality = createFinality(options)
  const ledger = createLedger({ ...options, reader, store, metrics })
  const transactions = createTransactionCache(client)
  const calldata = createCalldataReader(options)
  const landed = createLandedOperations({ transactions, calldata })
  const strangers = createStrangerSearch(search)

  /** Where it stands in the canonical chain, as far as it is taken in. */
  async function inclusionOf(hash: Hash): Promise<Inclusion | undefined> {
    const [stored] = await store.find(hash)
    if (stored !== undefined) return stored
    // What this node has acknowledged, it follows; only a stranger's operation is worth a search.
    return (await mempool.find(hash)) === undefined ? await strangers.find(hash) : undefined
  }

  /** Sent before this node's time, or by someone else while it was away. */
  async function search(hashes: readonly Hash[]): Promise<readonly Inclusion[]> {
    const to = ledger.cursor()?.number
    if (to === undefined) return []
    const from = to - BigInt(options.lookupBlocks)
    const found = await ledger.takeIn(await reader.ofOperations(hashes, from < 0n ? 0n : from, to))
    const known = new Set(found.map(({ operationHash }) => operationHash))
    metrics.lookups.inc({ outcome: 'found' }, known.size)
    metrics.lookups.inc({ outcome: 'unknown' }, hashes.length - known.size)
    return found
  }

  async function landedOperation(hash: Hash, inclusion: Inclusion): Promise<UserOperation | undefined> {
    // However it came onto the chain: a contract may pass it to the EntryPoint in an encoding of its own.
    const known = await mempool.find(hash)
    return known?.validated.userOperation ?? (await landed.find(hash, inclusion.transactionHash))
  }

  function onWire(userOperation: UserOperation): RpcUserOperation {
    return formatUserOperationRequest(version.wire.fromOperation(userOperation))
  }

  return {
    name: 'receipts',
    start: ledger.reconcile,
    stop: calldata.stop,
    async receiptOf(hash) {
      const inclusion = await inclusionOf(hash)
      if (inclusion === undefined) return null
      const receipt = await transactions.receipt(inclusion.transactionHash, inclusion.blockHash)
      return (receipt && readUserOperationReceipt(receipt, entryPoint, hash)) ?? null
    },
    async operationByHash(hash) {
      const waiting = mempool.get(hash)
      if (waiting !== undefined) {
        const { validated, transactionHash = null } = waiting
        const userOperation = onWire(validated.userOperation)
        return { userOperation, entryPoint, blockNumber: null, blockHash: null, transactionHash }
      }
      const inclusion = await inclusionOf(hash)
      if (inclusion === undefined) return null
      const userOperation = await landedOperation(hash, inclusion)
      if (userOperation === undefined) return null
      const { blockNumber, blockHash, transactionHash } = inclusion
      return {
        userOperation: onWire(userOperation),
        entryPoint,
        blockNumber: numberToHex(blockNumber),
        blockHash,
        transactionHash,
      }
    },
    async statusOf(hash) {
      const inclusion = await inclusionOf(hash)
      if (inclusion !== undefined) {
        const { success, transactionHash, blockNumber } = inclusion
        const confirmations = Number((ledger.cursor()?.number ?? blockNumber) - blockNumber) + 1
        const final = confirmations > options.finalityBlocks
        return { status: success ? 'included' : 'failed', transactionHash, confirmations, final }
      }
      const known = await mempool.find(hash)
      const transactionHash = known?.transactionHash ?? null
      switch (known?.state) {
        case undefined:
          return { status: 'not_found', transactionHash }
        case 'pending':
          return { status: 'not_submitted', transactionHash }
        case 'dropped':
          return {
            status: 'rejected',
            transactionHash,
            ...(known.refusal && { reason: known.refusal.message }),
          }
        default:
          return { status: 'submitted', transactionHash }
      }
    },
    cursor: ledger.cursor,
    async onChainUpdate(update) {
      await ledger.follow(update)
      strangers.forget()
      await finality.tell(update.head.number)
    },
  }
}
