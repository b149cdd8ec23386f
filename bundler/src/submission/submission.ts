// Brings bundles on chain: which executor and nonce carries one, at what fee, and what happens to it
// until its block is final. Nothing is broadcast that is not in the journal.
import type { BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import type { Registry } from 'prom-client'
import type { Address, Hash, PrivateKeyAccount, PublicClient } from 'viem'
import type { Commits, Database } from '../database.ts'
import { greater, lesser } from '../extremes.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { bumped } from '../mempool/replacement.ts'
import { type HorizonOf, outlasts } from '../validation/horizon.ts'
import { type Bundle, createDispatch, transferGas } from './dispatch.ts'
import {
  createExecutor,
  type Executor,
  type ExecutorStatus,
  firstFreeNonce,
  openSlots,
  unpromisedWei,
} from './executor.ts'
import type { FeePair } from './fees.ts'
import { freeExecutor } from './freeExecutor.ts'
import { isHeldUp, isTooCheap, isUnaffordable } from './heldUp.ts'
import { createJournal } from './journal.ts'
import type { SubmissionLimits } from './limits.ts'
import { createSubmissionMetrics } from './metrics.ts'
import { isOver, lastAttempt, type NonceSlot, rewindClock } from './nonceSlot.ts'
import { createSettlement, type RevertedBundle } from './settlement.ts'

export type SubmissionOptions = {
  readonly client: PublicClient
  readonly chainId: number
  readonly entryPoint: Address
  readonly executors: readonly PrivateKeyAccount[]
  /** Who receives the operations' gas payments; absent: the executor that sends the bundle. */
  readonly beneficiary?: Address | undefined
  readonly database: Database
  readonly commits: Commits
  readonly mempool: Mempool
  readonly limits: SubmissionLimits
  /** What a transaction must offer for the next block to take it: its base fee, and the lowest tip that miners take. */
  readonly minableFeePerGas: () => bigint
  readonly horizonOf: HorizonOf
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
    /** `outbid`: an operation of it has a successor, which can go nowhere else. */
    readonly because: NonNullable<NonceSlot['due']> | 'outbid'
    /** Both fees must reach these. */
    readonly minimumFees: FeePair
    /** The operations that still ride on this nonce. */
    readonly operations: readonly Hash[]
    /** Until then what it carries may land; absent where nothing ends it. */
    readonly lastBlock?: bigint
    /** Unless something that pays takes its place, the nonce is better given back. */
    readonly isHopeless: boolean
  }
}

/** One of the transactions on their way. */
export type InFlight = {
  readonly executor: Address
  readonly nonce: number
  readonly transactionHash: Hash
  readonly operations: readonly Hash[]
  readonly openedAtBlock: bigint
  readonly blocksWaited: number
  readonly fees: FeePair
  /** Fees it was sent with so far, the first included. */
  readonly attempts: number
}

export type Submission = Part & {
  /**
   * The best free place for a new bundle that may cost `wishedWei`: with the least busy executor that can pay it,
   * else with the richest. Undefined when every executor is busy, poor or held up by what cannot be mined.
   */
  freeSlot(wishedWei: bigint): Slot | undefined
  /** Nonces whose transaction must be replaced now, because it waits too long or would revert. */
  dueReplacements(): readonly Slot[]
  /** Signs, journals, then broadcasts. Resolves with the transaction's hash once it is in the journal. */
  submit(slot: Slot, bundle: Bundle): Promise<Result<Hash>>
  /** Gives the nonce back by an empty transaction, at these fees or the least that replaces. */
  cancel(slot: Slot, fees: FeePair): Promise<void>
  executors(): readonly ExecutorStatus[]
  /** Transactions that wait for a block, the oldest first. */
  inFlight(): readonly InFlight[]
  /** Called when a bundle landed and reverted as a whole. */
  onReverted(listener: (bundle: RevertedBundle) => void): void
  /** After the receipts have taken the update in. */
  onChainUpdate(update: ChainUpdate): Promise<void>
}

export function createSubmission(options: SubmissionOptions): Submission {
  const { client, mempool, limits, logger } = options
  const executors = new Map<Address, Executor>()
  for (const account of options.executors) {
    executors.set(account.address, createExecutor(account.address, account))
  }
  const revertListeners: ((bundle: RevertedBundle) => void)[] = []
  const journal = createJournal(options)
  const metrics = createSubmissionMetrics(options.registry, statuses)
  const settlement = createSettlement({
    client,
    mempool,
    journal,
    limits,
    minableFeePerGas: options.minableFeePerGas,
    isExpiring,
    metrics,
    logger,
    onReverted: bundle => revertListeners.forEach(listener => void listener(bundle)),
  })
  const dispatch = createDispatch({ ...options, journal, metrics })
  let head = 0n
  let timestamp = 0n

  /** Its bundle may come too late for it, and would revert. */
  function isExpiring(hash: Hash): boolean {
    const pooled = mempool.get(hash)
    return pooled !== undefined && !outlasts(pooled.validated, options.horizonOf({ timestamp }, 'flight'))
  }

  function statuses(): readonly ExecutorStatus[] {
    return [...executors.values()].map(executor => ({
      address: executor.address,
      balanceWei: executor.balanceWei,
      inFlight: openSlots(executor).length,
      pendingNonce: firstFreeNonce(executor),
      ...(executor.setAside !== undefined && { setAside: executor.setAside }),
    }))
  }

  function inFlight(): readonly InFlight[] {
    const slots = [...executors.values()].flatMap(executor => openSlots(executor))
    return slots
      .sort((one, other) => Number(one.openedAtBlock - other.openedAtBlock))
      .map(slot => {
        const { hash, fees } = lastAttempt(slot)
        const { executor, nonce, operations, openedAtBlock, attempts } = slot
        const blocksWaited = Number(greater(head - openedAtBlock, 0n))
        const transaction = { executor, nonce, transactionHash: hash, fees }
        return { ...transaction, operations, openedAtBlock, blocksWaited, attempts: attempts.length }
      })
  }

  function executorOf(address: Address): Executor {
    const executor = executors.get(address)
    if (executor === undefined) throw new Error(`No executor ${address}`)
    return executor
  }

  function spendableWei(executor: Executor, replaced?: NonceSlot): bigint {
    // The node refuses what could cost its cap or more, whatever the executor has.
    return lesser(unpromisedWei(executor, replaced), limits.transactionFeeCapWei - 1n)
  }

  function reviewBalance(executor: Executor): void {
    const { address, account, balanceWei } = executor
    const reason =
      account === undefined
        ? 'its key is not configured any more'
        : balanceWei < limits.minimumExecutorBalanceWei
          ? `it has ${balanceWei} wei, less than ${limits.minimumExecutorBalanceWei}: refill it`
          : undefined
    if (reason !== undefined && executor.setAside === undefined) {
      logger.warn({ executor: address, balanceWei, reason }, 'an executor is set aside')
    }
    if (reason === undefined && executor.setAside !== undefined) {
      logger.info({ executor: address, balanceWei }, 'an executor sends again')
    }
    executor.setAside = reason
  }

  /** A node lets one take the place of the other if both fees rise. */
  function minimumFeesOf(slot: NonceSlot): FeePair {
    const { fees } = lastAttempt(slot)
    return {
      maxFeePerGas: bumped(fees.maxFeePerGas, limits.replacementBumpPercent),
      maxPriorityFeePerGas: bumped(fees.maxPriorityFeePerGas, limits.replacementBumpPercent),
    }
  }

  /** What cannot be mined is given back within a few blocks, at once if others wait behind it. */
  function isHopeless(executor: Executor, slot: NonceSlot): boolean {
    if (slot.due === 'stale' || slot.due === 'unaffordable') return true
    const holdsUpOthers = openSlots(executor).some(({ nonce }) => nonce > slot.nonce)
    if (isTooCheap(slot, options.minableFeePerGas())) {
      return holdsUpOthers || head - lastAttempt(slot).signedAtBlock >= BigInt(limits.resubmitAfterBlocks)
    }
    return head - slot.openedAtBlock >= BigInt(limits.cancelAfterBlocks)
  }

  /** Once a block at most: each time it is dearer. */
  function isOutbid(slot: NonceSlot): boolean {
    if (lastAttempt(slot).signedAtBlock >= head) return false
    return slot.operations.some(hash => mempool.latestAtNonceOf(hash)?.state === 'pending')
  }

  function describe(executor: Executor, slot: NonceSlot): Slot {
    const { lastBlock } = lastAttempt(slot)
    return {
      executor: executor.address,
      beneficiary: options.beneficiary ?? executor.address,
      spendableWei: spendableWei(executor, slot),
      replaces: {
        nonce: slot.nonce,
        because: slot.due ?? 'outbid',
        minimumFees: minimumFeesOf(slot),
        ...(lastBlock !== undefined && { lastBlock }),
        operations: slot.operations.filter(hash => mempool.get(hash)?.state === 'submitted'),
        isHopeless: isHopeless(executor, slot),
      },
    }
  }

  /** `resendAfterBlocks`: what waits for so long may have fallen out of the node's pool. */
  async function settleAll(
    block: BlockReference,
    resendAfterBlocks: bigint,
    giveUpAfterBlocks: number,
  ): Promise<void> {
    await Promise.all(
      [...executors.values()].map(executor =>
        executor.exclusively(async () => {
          await settlement.settle(executor, block)
          await relieve(executor)
          reviewBalance(executor)
          for (const slot of openSlots(executor)) {
            if (head - lastAttempt(slot).signedAtBlock < resendAfterBlocks || isOver(slot, head)) continue
            await resend(executor, slot, giveUpAfterBlocks)
          }
        }),
      ),
    )
  }

  /**
   * A node that lost blocks asks again for nonces that were final, and are forgotten here: what waits behind them
   * would wait for ever, and rides on others.
   */
  async function closeGaps(): Promise<void> {
    for (const executor of executors.values()) {
      await executor.exclusively(async () => {
        const gap = firstFreeNonce(executor)
        for (const slot of openSlots(executor)) if (slot.nonce > gap) await dispatch.undo(executor, slot)
      })
    }
  }

  /**
   * Without the money for its next transaction no block takes it. What the executor has may do for an empty one;
   * else its operations ride with others, and what it had signed is not sent again. Should somebody else have kept
   * that and send it when the executor has money again, it reverts at the first operation that has landed (AA25).
   */
  async function relieve(executor: Executor): Promise<void> {
    const open = openSlots(executor)
    const [first] = open
    if (first === undefined || !isUnaffordable(executor, first)) return
    const { maxFeePerGas } = minimumFeesOf(first)
    const cancellationWei = transferGas * greater(maxFeePerGas, options.minableFeePerGas())
    if (executor.account !== undefined && executor.balanceWei >= cancellationWei) {
      first.due = 'unaffordable'
      return
    }
    if (head - lastAttempt(first).signedAtBlock < BigInt(limits.resubmitAfterBlocks)) return
    const { address } = executor
    // It may be about to be refilled.
    const balanceWei = await client.getBalance({ address, blockTag: 'pending' })
    if (!isUnaffordable({ ...executor, balanceWei }, first)) return
    logger.warn(
      { executor: address, nonce: first.nonce },
      'an executor without money hands its operations over',
    )
    for (const slot of open.toReversed()) await dispatch.undo(executor, slot)
  }

  async function resend(executor: Executor, slot: NonceSlot, giveUpAfterBlocks: number): Promise<void> {
    const outcome = await dispatch.send(slot)
    const waitedBlocks = head - slot.openedAtBlock
    const isHopeless =
      outcome === 'poor' || outcome === 'refused'
        ? waitedBlocks >= BigInt(giveUpAfterBlocks)
        : // Without its key it can be neither replaced nor cancelled.
          executor.account === undefined && waitedBlocks >= BigInt(limits.giveUpAfterBlocks)
    // Rather than wait for ever on this nonce, its operations ride on another.
    if (isHopeless) await dispatch.undo(executor, slot)
  }

  return {
    name: 'submission',
    async start() {
      const latest = await client.getBlock({ blockTag: 'latest' })
      head = latest.number
      for (const slot of await journal.load()) {
        const executor = executors.get(slot.executor) ?? createExecutor(slot.executor, undefined)
        executors.set(slot.executor, executor)
        executor.slots.set(slot.nonce, slot)
        // Whether what was mined still stands is for the chain to say.
        slot.state = 'open'
        slot.mined = undefined
        rewindClock(slot, head + 1n)
        mempool.submitted(slot.operations, lastAttempt(slot).hash)
      }
      await settleAll(latest, 0n, 0)
    },
    async stop() {
      await Promise.all([...executors.values()].map(executor => executor.exclusively(async () => undefined)))
    },
    freeSlot(wishedWei) {
      const terms = { minableFeePerGas: options.minableFeePerGas(), head, limits }
      const executor = freeExecutor(executors.values(), {
        // Above some fee a bundle of the usual size is dearer than the node lets any transaction be.
        wishedWei: lesser(wishedWei, limits.transactionFeeCapWei - 1n),
        maxInFlight: limits.maxInFlightPerExecutor,
        isHeldUp: one => isHeldUp(one, terms),
      })
      if (executor === undefined) return undefined
      const { address } = executor
      const beneficiary = options.beneficiary ?? address
      return { executor: address, beneficiary, spendableWei: spendableWei(executor) }
    },
    dueReplacements() {
      return [...executors.values()]
        .filter(executor => executor.account !== undefined)
        .flatMap(executor =>
          openSlots(executor)
            .filter(slot => slot.due !== undefined || isOutbid(slot))
            .map(slot => describe(executor, slot)),
        )
    },
    async submit(slot, bundle) {
      const executor = executorOf(slot.executor)
      return await executor.exclusively(() =>
        slot.replaces === undefined
          ? dispatch.submit(executor, bundle, head)
          : dispatch.replace(executor, slot.replaces.nonce, bundle, head),
      )
    },
    async cancel({ executor: address, replaces }, current) {
      if (replaces === undefined) return
      const executor = executorOf(address)
      const { minimumFees } = replaces
      const affordable = executor.balanceWei / transferGas
      const maxFeePerGas = greater(minimumFees.maxFeePerGas, lesser(current.maxFeePerGas, affordable))
      const tip = greater(minimumFees.maxPriorityFeePerGas, current.maxPriorityFeePerGas)
      const fees = { maxFeePerGas, maxPriorityFeePerGas: lesser(tip, maxFeePerGas) }
      // What it cannot pay for would only take the place of what it can.
      if (executor.balanceWei < transferGas * maxFeePerGas) return
      await executor.exclusively(() => dispatch.cancel(executor, replaces.nonce, fees, head))
    },
    executors: statuses,
    inFlight,
    onReverted: listener => revertListeners.push(listener),
    async onChainUpdate(update) {
      head = update.head.number
      timestamp = update.head.timestamp
      const lowest = update.isBeyondMemory === true ? 0n : update.removed.at(-1)?.number
      if (lowest === undefined) return await settleAll(update.head, 2n, limits.giveUpAfterBlocks)
      for (const executor of executors.values()) {
        await executor.exclusively(() => settlement.reopen(executor, lowest))
      }
      // The node may have let go of what it held for mined.
      await settleAll(update.head, 0n, limits.giveUpAfterBlocks)
      if (update.isBeyondMemory === true || update.removed.length >= limits.finalityBlocks) await closeGaps()
    },
  }
}
