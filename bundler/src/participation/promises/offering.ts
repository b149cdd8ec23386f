// Signs a promise for an operation that came in, if this node leads soon and can be sure to keep it.
import type { Clock } from '@worldland-aa/service/clock'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address, Hex } from 'viem'
import { bundleOverheadBytes, bundleOverheadGas, type CostOf } from '../../bundling/operationCost.ts'
import { lesser } from '../../extremes.ts'
import type { Mempool } from '../../mempool/mempool.ts'
import type { Reputation } from '../../reputation/reputation.ts'
import type { Fees } from '../../submission/fees.ts'
import type { Submission } from '../../submission/submission.ts'
import type { HeadSource } from '../../validation/headSource.ts'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import { latestBlockOf } from './latestBlock.ts'
import type { PromiseNetwork } from './promiseNetwork.ts'
import type { KnownPromise, PromiseStore } from './promiseStore.ts'
import type { BlockRoom, PromiseQueue } from './queue.ts'
import { signPromise } from './signPromise.ts'
import { lastBlockOfValidity, reasonToWithhold, type WithheldReason } from './withholding.ts'

export type OfferingLimits = {
  /** `--promise-margin-blocks` */
  readonly marginBlocks: number
  readonly bundleGasLimit: bigint
  readonly blockGasSharePercent: number
  readonly maxTransactionBytes: number
  readonly mempoolCapacity: number
  readonly blockTimeSeconds: number
}

/** Blocks after its window that an operation which ends soon must leave. */
const leastMarginBlocks = 4
/** What the court adds to an operation, its calldata included. */
const courtGas = 100_000n

export type OfferingOptions = {
  readonly chainId: number
  readonly nodeKey: Hex
  readonly network: PromiseNetwork
  readonly chain: Pick<HeadSource, 'head' | 'shortfall'>
  readonly mempool: Pick<Mempool, 'holds' | 'isAlone' | 'size'>
  readonly reputation: Reputation
  readonly submission: Pick<Submission, 'executors'>
  readonly fees: Pick<Fees, 'currentFees' | 'minimumFees'>
  readonly costOf: CostOf
  readonly queue: PromiseQueue
  readonly store: PromiseStore
  readonly limits: OfferingLimits
  readonly clock: Clock
  readonly onWithheld: (reason: WithheldReason) => void
  readonly logger: Logger
}

export type Offering = {
  /** Resolves once it is on the disk, with its operation; undefined where nothing is promised. */
  offer(validated: ValidatedOperation): Promise<KnownPromise | undefined>
}

type Terms = { readonly bundlerId: number; readonly court: Address; readonly latestBlock: bigint }

export function createOffering(options: OfferingOptions): Offering {
  const { chainId, network, chain, mempool, fees, queue, store, limits, onWithheld } = options

  function roomOf(blockGasLimit: bigint): BlockRoom {
    const share = (blockGasLimit * BigInt(limits.blockGasSharePercent)) / 100n
    return {
      gas: lesser(limits.bundleGasLimit, share) - bundleOverheadGas,
      bytes: BigInt(limits.maxTransactionBytes - bundleOverheadBytes),
    }
  }

  function maxBaseFeeOf({ userOperation }: ValidatedOperation): bigint {
    return userOperation.maxFeePerGas - fees.minimumFees().maxPriorityFeePerGas
  }

  /** An attempt before the court is the bundle of one, and the court's own work. */
  function answerWeiOf(validated: ValidatedOperation): bigint {
    const gas = options.costOf(validated).gasLimit + bundleOverheadGas + courtGas
    return gas * fees.currentFees().fast.maxFeePerGas
  }

  /** What can be seen without asking anybody: no promise is late for want of an answer. */
  function withheld(
    validated: ValidatedOperation,
    depositWei: bigint | undefined,
  ): WithheldReason | undefined {
    const { userOperationHash, entities, mempools } = validated
    const record = options.reputation.within(mempools)
    const { pending, submitted } = mempool.size()
    const { baseFeePerGas, fast } = fees.currentFees()
    const able = options.submission.executors().filter(executor => executor.setAside === undefined)
    return reasonToWithhold({
      isHeld: mempool.holds(userOperationHash),
      isAlone: mempool.isAlone(validated),
      isLagging: chain.shortfall() !== undefined || network.isBehind(),
      mempool: { taken: pending + submitted, capacity: limits.mempoolCapacity },
      statuses: Object.values(entities).map(({ address }) => record.statusOf(address)),
      maxBaseFeePerGas: maxBaseFeeOf(validated),
      baseFeePerGas,
      spendableWei: able.reduce((sum, { balanceWei }) => sum + balanceWei, 0n),
      bundleWei: limits.bundleGasLimit * fast.maxFeePerGas,
      answerWei: answerWeiOf(validated),
      depositWei,
      conflicts: queue.conflicts(validated),
    })
  }

  function terms(validated: ValidatedOperation): Terms | WithheldReason | undefined {
    const schedule = network.schedule()
    const bundlerId = network.ownId()
    // Neither leads, nor could: that is no reason to tell.
    if (schedule === undefined || bundlerId === undefined) return undefined
    const { number: head, gasLimit, timestamp } = chain.head()
    const place = { schedule, bundlerId, head, marginBlocks: limits.marginBlocks }
    if (latestBlockOf({ ...place, neededBlocks: 1 }) === undefined) return undefined
    const courtTerms = network.terms()
    if (courtTerms === undefined) return 'court unknown'
    const reason = withheld(validated, courtTerms.challengeDepositWei)
    if (reason !== undefined) return reason
    const neededBlocks = queue.blocksWith(validated, roomOf(gasLimit))
    const latestBlock = neededBlocks === undefined ? undefined : latestBlockOf({ ...place, neededBlocks })
    if (latestBlock === undefined) return 'no room'
    const presentSeconds = Math.max(Number(timestamp), Math.floor(options.clock.now() / 1000))
    const { blockTimeSeconds } = limits
    const end = lastBlockOfValidity(validated, { head, presentSeconds, blockTimeSeconds })
    const { court } = courtTerms
    if (end === undefined || end >= latestBlock) return { bundlerId, court, latestBlock }
    // With less of a margin, but not without one.
    const leastBlock = latestBlock - BigInt(Math.max(0, limits.marginBlocks - leastMarginBlocks))
    return end >= leastBlock ? { bundlerId, court, latestBlock: end } : 'expires'
  }

  function sign(validated: ValidatedOperation, { bundlerId, court, latestBlock }: Terms): KnownPromise {
    const { userOperationHash: userOpHash, userOperation } = validated
    const { sender, nonce } = userOperation
    const maxBaseFeePerGas = maxBaseFeeOf(validated)
    const promise = { bundlerId, userOpHash, sender, nonce, latestBlock, maxBaseFeePerGas }
    return {
      ...signPromise(promise, { chainId, court }, options.nodeKey),
      court,
      isOwn: true,
      knownSinceBlock: chain.head().number,
      state: 'open',
      isExcused: false,
    }
  }

  return {
    async offer(validated) {
      const settled = terms(validated)
      if (settled === undefined) return undefined
      if (typeof settled === 'string') {
        onWithheld(settled)
        return undefined
      }
      // Its room is taken before anything is awaited.
      queue.add(validated, settled.latestBlock)
      try {
        return await store.keep(sign(validated, settled))
      } catch (error) {
        queue.delete(validated.userOperationHash)
        throw error
      }
    },
  }
}
