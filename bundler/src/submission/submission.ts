// Brings bundles on chain: which executor and nonce carries one, at what fee, and what happens to it
// until its block is final. Nothing is broadcast that is not in the journal.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import type { Registry } from 'prom-client'
import type { Address, Hash, PrivateKeyAccount, PublicClient } from 'viem'
import type { Commits, Database } from '../database.ts'
import { greater, lesser } from '../extremes.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { bumped } from '../mempool/replacement.ts'
import { type Bundle, createDispatch } from './dispatch.ts'
import {
  createExecutor,
  type Executor,
  type ExecutorStatus,
  firstFreeNonce,
  openSlots,
  unpromisedWei,
} from './executor.ts'
import type { FeePair } from './fees.ts'
import { createJournal } from './journal.ts'
import type { SubmissionLimits } from './limits.ts'
import { createSubmissionMetrics } from './metrics.ts'
import { lastAttempt, type NonceSlot, rewindClock } from './nonceSlot.ts'
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
    /** It has waited for so long that the nonce is better given back. */
    readonly overdue: boolean
  }
}

export type Submission = Part & {
  /**
   * The best free place for a new bundle that may cost `wishedWei`: with the least busy executor that can pay it,
   * else with the richest. Undefined when every executor is busy or poor.
   */
  freeSlot(wishedWei: bigint): Slot | undefined
  /** Nonces whose transaction must be replaced now, because it waits too long or would revert. */
  dueReplacements(): readonly Slot[]
  /** Signs, journals, then broadcasts. Resolves with the transaction's hash once it is in the journal. */
  submit(slot: Slot, bundle: Bundle): Promise<Result<Hash>>
  /** Gives the nonce back by an empty transaction, at these fees or the least that replaces. */
  cancel(slot: Slot, fees: FeePair): Promise<void>
  executors(): readonly ExecutorStatus[]
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
    metrics,
    logger,
    onReverted: bundle => revertListeners.forEach(listener => void listener(bundle)),
  })
  const dispatch = createDispatch({ ...options, journal, metrics })
  let head = 0n

  function statuses(): readonly ExecutorStatus[] {
    return [...executors.values()].map(executor => ({
      address: executor.address,
      balanceWei: executor.balanceWei,
      inFlight: openSlots(executor).length,
      ...(executor.setAside !== undefined && { setAside: executor.setAside }),
    }))
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

  function describe(executor: Executor, slot: NonceSlot): Slot {
    const { fees } = lastAttempt(slot)
    const minimumFees = {
      maxFeePerGas: bumped(fees.maxFeePerGas, limits.replacementBumpPercent),
      maxPriorityFeePerGas: bumped(fees.maxPriorityFeePerGas, limits.replacementBumpPercent),
    }
    return {
      executor: executor.address,
      beneficiary: options.beneficiary ?? executor.address,
      spendableWei: spendableWei(executor, slot),
      replaces: {
        nonce: slot.nonce,
        because: slot.due ?? 'stuck',
        minimumFees,
        operations: slot.operations.filter(hash => mempool.get(hash)?.state === 'submitted'),
        overdue: head - slot.openedAtBlock >= BigInt(limits.cancelAfterBlocks),
      },
    }
  }

  /** `resendAfterBlocks`: what waits for so long may have fallen out of the node's pool. */
  async function settleAll(resendAfterBlocks: bigint, giveUpAfterBlocks: number): Promise<void> {
    await Promise.all(
      [...executors.values()].map(executor =>
        executor.exclusively(async () => {
          await settlement.settle(executor, head)
          reviewBalance(executor)
          for (const slot of openSlots(executor)) {
            if (head - lastAttempt(slot).signedAtBlock < resendAfterBlocks) continue
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

  async function resend(executor: Executor, slot: NonceSlot, giveUpAfterBlocks: number): Promise<void> {
    const outcome = await dispatch.send(slot)
    const waitedBlocks = head - slot.openedAtBlock
    const isHopeless =
      outcome === 'poor' || outcome === 'refused'
        ? waitedBlocks >= BigInt(giveUpAfterBlocks)
        : // Without its key it can be neither replaced nor cancelled.
          executor.account === undefined && waitedBlocks >= BigInt(limits.cancelAfterBlocks)
    // Rather than wait for ever on this nonce, its operations ride on another.
    if (isHopeless) await dispatch.undo(executor, slot)
  }

  return {
    name: 'submission',
    async start() {
      head = await client.getBlockNumber({ cacheTime: 0 })
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
      await settleAll(0n, 0)
    },
    async stop() {
      await Promise.all([...executors.values()].map(executor => executor.exclusively(async () => undefined)))
    },
    freeSlot(wishedWei) {
      const free = [...executors.values()].filter(
        one => one.setAside === undefined && openSlots(one).length < limits.maxInFlightPerExecutor,
      )
      const able = free.filter(one => spendableWei(one) >= wishedWei)
      const executor =
        able.length > 0
          ? able.reduce((best, one) => (openSlots(one).length < openSlots(best).length ? one : best))
          : free.toSorted((one, other) => (unpromisedWei(one) > unpromisedWei(other) ? -1 : 1))[0]
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
            .filter(slot => slot.due !== undefined)
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
      const fees = {
        maxFeePerGas: greater(minimumFees.maxFeePerGas, current.maxFeePerGas),
        maxPriorityFeePerGas: greater(minimumFees.maxPriorityFeePerGas, current.maxPriorityFeePerGas),
      }
      await executor.exclusively(() => dispatch.cancel(executor, replaces.nonce, fees, head))
    },
    executors: statuses,
    onReverted: listener => revertListeners.push(listener),
    async onChainUpdate(update) {
      head = update.head.number
      const lowest = update.isBeyondMemory === true ? 0n : update.removed.at(-1)?.number
      if (lowest === undefined) return await settleAll(2n, limits.cancelAfterBlocks)
      for (const executor of executors.values()) {
        await executor.exclusively(() => settlement.reopen(executor, lowest))
      }
      // The node may have let go of what it held for mined.
      await settleAll(0n, limits.cancelAfterBlocks)
      if (update.isBeyondMemory === true || update.removed.length >= limits.finalityBlocks) await closeGaps()
    },
  }
}
