// Makes one bundle for one slot: choose, validate again, price, simulate the very call, leave out what
// fails, and repeat until the EntryPoint takes all of it.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal } from '@worldland-aa/service/result'
import type { Address, PublicClient } from 'viem'
import { greater, lesser } from '../extremes.ts'
import type { Mempool, PooledOperation } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { Bundle } from '../submission/dispatch.ts'
import type { FeePair, Fees } from '../submission/fees.ts'
import type { Slot } from '../submission/submission.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { recordFailure, refusalOf } from './blame.ts'
import { createCompany } from './conflicts.ts'
import { encodeHandleOps, type Simulation, simulateHandleOps } from './handleOps.ts'
import type { BundlingLimits } from './limits.ts'
import type { BundlingMetrics } from './metrics.ts'
import { bundleOverheadGas, operationCost } from './operationCost.ts'
import { withoutLoss } from './profit.ts'
import type { Revalidation } from './revalidation.ts'
import { selectOperations } from './selection.ts'
import type { Setbacks } from './setbacks.ts'

export type BuilderOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly mempool: Mempool
  readonly fees: Fees
  readonly reputation: Reputation
  readonly depositOf: (paymaster: Address) => Promise<bigint>
  readonly revalidation: Revalidation
  readonly setbacks: Setbacks
  readonly limits: BundlingLimits
  readonly metrics: BundlingMetrics
  readonly logger: Logger
}

export type Builder = {
  /** Undefined when nothing can go now. Throws when the node does not answer; nothing is dropped for that. */
  build(slot: Slot, candidates: Iterable<PooledOperation>, head: Block): Promise<Bundle | undefined>
  /** Asks the EntryPoint what it thinks of these, for this slot. */
  simulate(
    slot: Pick<Slot, 'executor' | 'beneficiary'>,
    operations: readonly ValidatedOperation[],
  ): Promise<Simulation>
  /** Ends an operation that turned out bad, and puts it on the record of whoever is to blame. */
  reject(validated: ValidatedOperation, refusal: Refusal): Promise<void>
}

export function createBuilder(options: BuilderOptions): Builder {
  const { client, entryPoint, mempool, reputation, setbacks, limits, metrics, logger } = options

  async function reject(validated: ValidatedOperation, refusal: Refusal): Promise<void> {
    recordFailure(reputation, validated, refusal)
    await mempool.drop(validated.userOperationHash, refusal)
  }

  async function simulate(
    slot: Pick<Slot, 'executor' | 'beneficiary'>,
    operations: readonly ValidatedOperation[],
  ): Promise<Simulation> {
    const { executor, beneficiary } = slot
    const data = encodeHandleOps(operations, beneficiary)
    const simulation = await simulateHandleOps(client, {
      from: executor,
      to: entryPoint,
      data,
      gas: gasLimitOf(operations),
    })
    if (simulation.kind === 'reverted' && isAboutPayment(simulation.reason ?? '')) {
      throw new Error(`The beneficiary ${beneficiary} cannot take the payment: ${simulation.reason}`)
    }
    return simulation
  }

  /** What the bundle would offer if every operation could pay it. */
  function targetFees({ replaces }: Slot): FeePair {
    const { standard, fast } = options.fees.currentFees()
    return {
      maxFeePerGas: greater(fast.maxFeePerGas, replaces?.minimumFees.maxFeePerGas ?? 0n),
      maxPriorityFeePerGas: greater(
        standard.maxPriorityFeePerGas,
        replaces?.minimumFees.maxPriorityFeePerGas ?? 0n,
      ),
    }
  }

  /** Not more than the least of the operations pays, so that no base fee makes it a loss; unless it replaces. */
  function bundleFees(slot: Slot, operations: readonly ValidatedOperation[]): FeePair {
    const least = operations.reduce(
      (pair, { userOperation }) => leastOf(pair, userOperation),
      targetFees(slot),
    )
    const floor = slot.replaces?.minimumFees
    if (floor === undefined) return least
    const maxPriorityFeePerGas = greater(least.maxPriorityFeePerGas, floor.maxPriorityFeePerGas)
    const maxFeePerGas = greater(greater(least.maxFeePerGas, floor.maxFeePerGas), maxPriorityFeePerGas)
    return { maxFeePerGas, maxPriorityFeePerGas }
  }

  function gasAllowance(slot: Slot, head: Block): bigint {
    const blockShare = (head.gasLimit * BigInt(limits.blockGasSharePercent)) / 100n
    const affordable = slot.spendableWei / greater(targetFees(slot).maxFeePerGas, 1n)
    return lesser(lesser(limits.bundleGasLimit, blockShare), affordable)
  }

  /** One block of the steepest rise must not make it unminable. */
  function leastFees(): FeePair {
    const { baseFeePerGas } = options.fees.currentFees()
    const { maxPriorityFeePerGas } = options.fees.minimumFees()
    return { maxFeePerGas: (baseFeePerGas * 9n + 7n) / 8n + maxPriorityFeePerGas, maxPriorityFeePerGas }
  }

  async function choose(
    slot: Slot,
    candidates: Iterable<PooledOperation>,
    head: Block,
  ): Promise<readonly ValidatedOperation[]> {
    const own = new Set(slot.replaces?.operations)
    const others = [...mempool.inFlight()]
      .map(({ validated }) => validated)
      .filter(({ userOperationHash }) => !own.has(userOperationHash))
    const { chosen, expired } = await selectOperations({
      candidates,
      inFlight: others,
      head,
      baseFeePerGas: options.fees.currentFees().baseFeePerGas,
      leastFees: leastFees(),
      gasLimit: gasAllowance(slot, head),
      maxOperations: setbacks.maxOperations,
      limits,
      reputation,
      depositOf: options.depositOf,
    })
    for (const [validated, refusal] of expired) await mempool.drop(validated.userOperationHash, refusal)
    const { valid, refused } = await options.revalidation.check(chosen, head)
    for (const [validated, refusal] of refused) await reject(validated, refusal)
    // Validation may have touched other storage this time.
    const company = createCompany(others)
    return valid.filter(validated => {
      if (company.conflicts(validated)) return false
      company.add(validated)
      return true
    })
  }

  /** Which operation makes the EntryPoint revert without naming it? */
  async function findCulprit(
    slot: Slot,
    operations: readonly ValidatedOperation[],
  ): Promise<ValidatedOperation | undefined> {
    let suspects = operations
    while (suspects.length > 1) {
      const half = suspects.slice(0, suspects.length >> 1)
      const simulation = await simulate(slot, half)
      if (simulation.kind === 'failed') return half[simulation.index]
      suspects = simulation.kind === 'success' ? suspects.slice(half.length) : half
    }
    return suspects[0]
  }

  /** Out of this bundle it goes in any case; out of the mempool only if it fails alone as well. */
  async function leaveOut(culprit: ValidatedOperation, alone: Simulation): Promise<void> {
    if (alone.kind === 'success') setbacks.keepApart(culprit.userOperationHash)
    else await reject(culprit, refusalOf(alone.reason ?? 'handleOps reverts without a reason', culprit))
  }

  async function untilAccepted(
    slot: Slot,
    chosen: readonly ValidatedOperation[],
  ): Promise<Bundle | undefined> {
    let operations = chosen
    while (operations.length > 0) {
      const fees = bundleFees(slot, operations)
      const { baseFeePerGas } = options.fees.currentFees()
      const marginPercent = limits.profitMarginPercent
      const profitable = withoutLoss({ operations, fees, baseFeePerGas, marginPercent })
      metrics.unprofitable.inc(operations.length - profitable.length)
      if (profitable.length < operations.length) {
        operations = profitable
        continue
      }
      const simulation = await simulate(slot, operations)
      if (simulation.kind === 'success') {
        return {
          operations: operations.map(({ userOperationHash }) => userOperationHash),
          data: encodeHandleOps(operations, slot.beneficiary),
          gasLimit: gasLimitOf(operations),
          fees,
        }
      }
      metrics.simulationFailures.inc()
      const culprit =
        simulation.kind === 'failed' ? operations[simulation.index] : await findCulprit(slot, operations)
      if (culprit === undefined)
        throw new Error('The EntryPoint names an operation that is not in the bundle')
      logger.info(
        { userOperationHash: culprit.userOperationHash, simulation },
        'a bundle fails in simulation',
      )
      await leaveOut(culprit, operations.length === 1 ? simulation : await simulate(slot, [culprit]))
      operations = operations.filter(validated => validated !== culprit)
    }
    return undefined
  }

  return {
    simulate,
    reject,
    async build(slot, candidates, head) {
      const chosen = await choose(slot, candidates, head)
      if (chosen.length === 0) return undefined
      try {
        const bundle = await untilAccepted(slot, chosen)
        setbacks.succeeded()
        return bundle
      } catch (error) {
        const hashes = chosen.map(({ userOperationHash }) => userOperationHash)
        setbacks.failed(hashes, head.number)
        throw error
      }
    },
  }
}

/** The EntryPoint could not pay the beneficiary: no operation is at fault. */
function isAboutPayment(reason: string): boolean {
  return reason.startsWith('AA90') || reason.startsWith('AA91')
}

function gasLimitOf(operations: readonly ValidatedOperation[]): bigint {
  return operations.reduce((sum, validated) => sum + operationCost(validated).gasLimit, bundleOverheadGas)
}

function leastOf(one: FeePair, other: FeePair): FeePair {
  return {
    maxFeePerGas: lesser(one.maxFeePerGas, other.maxFeePerGas),
    maxPriorityFeePerGas: lesser(one.maxPriorityFeePerGas, other.maxPriorityFeePerGas),
  }
}
