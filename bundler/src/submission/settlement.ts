// What became of an executor's nonces? Asked once a block: which are used up and by what, which were
// given back by a reorg, which wait too long, and which carry something that would revert by now.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import {
  type Address,
  type Hash,
  type PublicClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem'
import { createHashReader } from '../chainState/hashReader.ts'
import { readUserOperationEvent } from '../entryPoint/userOperationEvent.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { type Executor, openSlots } from './executor.ts'
import { isTooCheap } from './heldUp.ts'
import type { Journal } from './journal.ts'
import type { SubmissionLimits } from './limits.ts'
import type { SubmissionMetrics } from './metrics.ts'
import {
  isOver,
  lastAttempt,
  type NonceSlot,
  release,
  rewindClock,
  type SignedTransaction,
} from './nonceSlot.ts'

/** Its operations wait again, all but those that landed otherwise. */
export type RevertedBundle = {
  readonly transactionHash: Hash
  readonly blockNumber: bigint
  readonly blockHash: Hash
  readonly executor: Address
  /** In their order in the bundle. */
  readonly operations: readonly Hash[]
}

export type SettlementOptions = {
  readonly client: PublicClient
  readonly mempool: Mempool
  readonly journal: Journal
  readonly limits: SubmissionLimits
  /** What a transaction must offer for the next block to take it: its base fee, and the lowest tip that miners take. */
  readonly minableFeePerGas: () => bigint
  /** Whether this operation is about to expire. */
  readonly isExpiring: (operation: Hash) => boolean
  readonly metrics: SubmissionMetrics
  readonly logger: Logger
  readonly onReverted: (bundle: RevertedBundle) => void
}

export type Settlement = {
  /** Brings the executor's slots in line with the chain at `head`. Throws when the node does not answer. */
  settle(executor: Executor, head: BlockReference): Promise<void>
  /** A reorg took every block from `number` on: what stood there is open again until the chain says otherwise. */
  reopen(executor: Executor, number: bigint): Promise<void>
}

/** After that many blocks a used-up nonce without a transaction of ours was taken by a stranger. */
const patienceBlocks = 3
/** How old what is known of an executor may be that sends nothing: nobody but itself moves its nonce. */
const idleBlocks = 8n

export function createSettlement(options: SettlementOptions): Settlement {
  const { client, mempool, journal, limits, metrics, logger } = options
  const node = createHashReader(client)

  async function receiptOf(hash: Hash): Promise<TransactionReceipt | undefined> {
    try {
      return await client.getTransactionReceipt({ hash })
    } catch (error) {
      if (error instanceof TransactionReceiptNotFoundError) return undefined
      throw error
    }
  }

  /** Newest first: the dearest most often wins. */
  async function findMined(
    slot: NonceSlot,
  ): Promise<{ attempt: SignedTransaction; receipt: TransactionReceipt } | undefined> {
    for (const attempt of slot.attempts.toReversed()) {
      const receipt = await receiptOf(attempt.hash)
      if (receipt !== undefined) return { attempt, receipt }
    }
    return undefined
  }

  /** Some operation of its transaction has landed or was dropped: it may be this very transaction that did it. */
  function isThinned(slot: NonceSlot): boolean {
    return lastAttempt(slot).operations.some(hash => mempool.get(hash) === undefined)
  }

  async function resolve(executor: Executor, slot: NonceSlot, head: bigint): Promise<void> {
    const mined = await findMined(slot)
    if (mined !== undefined) return await close(slot, mined.attempt, mined.receipt)
    if (slot.nonce >= executor.chainNonce) {
      slot.due = 'stale'
      return
    }
    slot.unexplainedBlocks++
    if (slot.unexplainedBlocks < patienceBlocks) return
    logger.error(
      { executor: slot.executor, nonce: slot.nonce },
      'a nonce was used up by a transaction of someone else: is this key used elsewhere?',
    )
    slot.state = 'mined'
    slot.mined = { block: head }
    metrics.mined.inc({ status: 'foreign' })
    release(mempool, slot)
    await journal.update(slot)
  }

  async function close(
    slot: NonceSlot,
    attempt: SignedTransaction,
    receipt: TransactionReceipt,
  ): Promise<void> {
    const reverted = receipt.status === 'reverted'
    slot.state = 'mined'
    slot.due = undefined
    slot.mined = { hash: attempt.hash, block: receipt.blockNumber }
    release(mempool, slot, reverted ? [] : landedOf(attempt, receipt))
    account(slot, attempt, receipt)
    await journal.update(slot)
    if (reverted && attempt.kind === 'bundle') {
      const { executor } = slot
      logger.warn({ executor, transactionHash: attempt.hash }, 'a bundle landed and reverted')
      const { hash: transactionHash, operations } = attempt
      const { blockNumber, blockHash } = receipt
      options.onReverted({ executor, transactionHash, blockNumber, blockHash, operations })
    }
  }

  /** What a guard has left out waits again, unless another has landed it: its nonce was used, or is not up yet. */
  function landedOf(attempt: SignedTransaction, { logs }: TransactionReceipt): readonly Hash[] {
    if (attempt.lastBlock === undefined) return attempt.operations
    return logs.flatMap(log => readUserOperationEvent(log)?.operationHash ?? [])
  }

  function account(slot: NonceSlot, attempt: SignedTransaction, receipt: TransactionReceipt): void {
    const status = attempt.kind === 'cancellation' ? 'cancelled' : receipt.status
    const costWei = receipt.gasUsed * receipt.effectiveGasPrice
    const revenueWei = receipt.logs.reduce(
      (sum, log) => sum + (readUserOperationEvent(log)?.actualGasCostWei ?? 0n),
      0n,
    )
    metrics.mined.inc({ status })
    metrics.minedAfterBlocks.observe(Number(receipt.blockNumber - slot.openedAtBlock))
    metrics.costWei.inc(Number(costWei))
    metrics.revenueWei.inc(Number(revenueWei))
    logger.info(
      {
        transactionHash: attempt.hash,
        block: receipt.blockNumber,
        status,
        operations: attempt.operations,
        gasUsed: receipt.gasUsed,
        costWei,
        revenueWei,
      },
      'a transaction was mined',
    )
  }

  function markStuck(executor: Executor, slot: NonceSlot, head: bigint): void {
    // What waits behind a stuck nonce may wait because of it: unless it is too cheap itself, only the first is made dearer.
    const isNext = slot.nonce === executor.chainNonce
    const waited = head - lastAttempt(slot).signedAtBlock
    const tooCheap = slot.nonce >= executor.chainNonce && isTooCheap(slot, options.minableFeePerGas())
    if (tooCheap || (isNext && waited >= BigInt(limits.resubmitAfterBlocks))) slot.due ??= 'stuck'
    mempool.heldUp(slot.operations, tooCheap || isOver(slot, head))
  }

  /** One that is set aside is looked at in every block: it may have been refilled. */
  function isKnown(executor: Executor, head: bigint): boolean {
    const { seenAtBlock, setAside } = executor
    if (seenAtBlock === undefined || setAside !== undefined || openSlots(executor).length > 0) return false
    return head - seenAtBlock < idleBlocks
  }

  /** At the head of the stages: a node that lags or is on another branch must not make anything look unsent. */
  async function look(executor: Executor, head: BlockReference): Promise<void> {
    const [chainNonce, balanceWei] = await Promise.all([
      node.nonce(executor.address, head),
      node.balance(executor.address, head),
    ])
    Object.assign(executor, { chainNonce: Number(chainNonce), balanceWei, seenAtBlock: head.number })
  }

  return {
    async settle(executor, block) {
      const head = block.number
      if (!isKnown(executor, head)) await look(executor, block)
      const { chainNonce } = executor
      await Promise.all(
        openSlots(executor).map(async slot => {
          slot.due = slot.underpriced ? 'stuck' : undefined
          if (slot.nonce < chainNonce || isThinned(slot)) await resolve(executor, slot, head)
          else if (isOver(slot, head) || lastAttempt(slot).operations.some(options.isExpiring))
            slot.due = 'stale'
          if (slot.state === 'open') markStuck(executor, slot, head)
        }),
      )
      const final = [...executor.slots.values()].filter(
        ({ mined }) => mined !== undefined && head - mined.block >= BigInt(limits.finalityBlocks),
      )
      for (const slot of final) executor.slots.delete(slot.nonce)
      await Promise.all(final.map(journal.forget))
    },
    async reopen(executor, number) {
      executor.seenAtBlock = undefined
      for (const slot of executor.slots.values()) {
        rewindClock(slot, number)
        if (slot.mined === undefined || slot.mined.block < number) continue
        slot.state = 'open'
        slot.mined = undefined
        slot.unexplainedBlocks = 0
        mempool.submitted(slot.operations, lastAttempt(slot).hash)
        await journal.update(slot)
      }
    },
  }
}
