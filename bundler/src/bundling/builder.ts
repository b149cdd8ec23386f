// Makes one bundle for one slot: choose, validate again, price, simulate the very call, leave out what
// fails, and repeat until the EntryPoint takes all of it.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address, Hex, PublicClient } from 'viem'
import { isUnknownBlock } from '../chainState/isUnknownBlock.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { greater, lesser } from '../extremes.ts'
import type { Mempool, PooledOperation } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { Bundle } from '../submission/dispatch.ts'
import type { Slot } from '../submission/submission.ts'
import { recordExpiry } from '../validation/expiry.ts'
import type { HorizonOf } from '../validation/horizon.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { createAlongside } from './alongside.ts'
import type { Branch } from './branch.ts'
import { createCompany } from './company.ts'
import type { Culprits } from './culprits.ts'
import { authorizationsOf, type Simulation, simulateHandleOps } from './handleOps.ts'
import type { BundlingLimits } from './limits.ts'
import type { BundlingMetrics } from './metrics.ts'
import { bundleOverheadGas, type CostOf } from './operationCost.ts'
import type { Pricing } from './pricing.ts'
import type { Revalidation } from './revalidation.ts'
import { type Route, straightTo, throughGuard } from './route.ts'
import { selectOperations } from './selection.ts'
import type { Setbacks } from './setbacks.ts'

export type BuilderOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  /** Undefined where bundles go straight to the EntryPoint. */
  readonly guard?: Address | undefined
  readonly costOf: CostOf
  readonly mempool: Mempool
  readonly pricing: Pricing
  readonly reputation: Reputation
  /** At that block. */
  readonly depositAt: (paymaster: Address, block: Block) => Promise<bigint>
  readonly branch: Branch
  readonly revalidation: Revalidation
  readonly horizonOf: HorizonOf
  readonly culprits: Culprits
  readonly setbacks: Setbacks
  readonly limits: BundlingLimits
  readonly metrics: BundlingMetrics
  readonly logger: Logger
}

export type Builder = {
  /**
   * `lastBlock`: after it nothing of the bundle may land. Undefined when nothing can go now. Throws when the node does
   * not answer; nothing is dropped for that.
   */
  build(
    slot: Slot,
    candidates: Iterable<PooledOperation>,
    head: Block,
    lastBlock: bigint | undefined,
  ): Promise<Bundle | undefined>
  /** Asks the EntryPoint what it thinks of these, for this slot, after the block. */
  simulateAt(
    slot: Pick<Slot, 'executor' | 'beneficiary'>,
    operations: readonly ValidatedOperation[],
    block: Pick<Block, 'hash'>,
  ): Promise<Simulation>
}

/** While old operations are traced again, newly accepted ones, which need no trace, wait and grow old. */
const revalidationMilliseconds = 250

export function createBuilder(options: BuilderOptions): Builder {
  const { client, entryPoint, version, mempool, pricing, culprits, reputation, setbacks, limits, metrics } =
    options
  const { branch, logger } = options
  const straight = straightTo(entryPoint, version)
  const alongside = createAlongside(options)

  /** What is on its way by other transactions than the slot's. */
  function besides({ replaces }: Slot): readonly ValidatedOperation[] {
    const own = new Set(replaces?.operations)
    return [...mempool.inFlight()].flatMap(({ validated }) =>
      own.has(validated.userOperationHash) ? [] : [validated],
    )
  }

  function gasLimitOf(operations: readonly ValidatedOperation[]): bigint {
    return operations.reduce((sum, validated) => sum + options.costOf(validated).gasLimit, bundleOverheadGas)
  }

  async function simulate(
    slot: Pick<Slot, 'executor' | 'beneficiary'>,
    operations: readonly ValidatedOperation[],
    { hash: blockHash }: Pick<Block, 'hash'>,
    gas = gasLimitOf(operations),
    route = straight,
  ): Promise<Simulation> {
    const { executor: from, beneficiary } = slot
    const data = route.encode(operations, beneficiary)
    const authorizations = authorizationsOf(operations)
    const call = { from, to: route.to, data, gas, authorizations }
    const passedAll = (returned: Hex): boolean => route.passedAll(returned, operations.length)
    const simulation = await simulateHandleOps(client, call, version, { blockHash }, passedAll)
    // Which one the guard leaves out, and why, the EntryPoint tells.
    if (simulation.kind === 'reverted' && route !== straight)
      return await simulate(slot, operations, { hash: blockHash }, gas)
    if (simulation.kind === 'reverted' && isAboutPayment(simulation.reason ?? '')) {
      throw new Error(`The beneficiary ${beneficiary} cannot take the payment: ${simulation.reason}`)
    }
    return simulation
  }

  /** Gas that the slot's executor can pay for. */
  function affordableGas(slot: Slot, head: Block): bigint {
    const blockShare = (head.gasLimit * BigInt(limits.blockGasSharePercent)) / 100n
    return lesser(blockShare, slot.spendableWei / greater(pricing.targetFees(slot).maxFeePerGas, 1n))
  }

  async function choose(
    slot: Slot,
    candidates: Iterable<PooledOperation>,
    head: Block,
  ): Promise<readonly ValidatedOperation[]> {
    const leastFees = pricing.leastFees()
    // The operator's limit is below what the chain asks: nothing of ours would be mined.
    if (pricing.targetFees(slot).maxFeePerGas < leastFees.maxFeePerGas) return []
    const loneGasLimit = affordableGas(slot, head)
    const own = new Set(slot.replaces?.operations)
    const others = besides(slot)
    const { chosen, expired, uncovered } = await selectOperations({
      costOf: options.costOf,
      version,
      candidates,
      inFlight: others,
      head,
      horizon: options.horizonOf(head, 'bundle'),
      leastFees,
      gasLimit: lesser(limits.bundleGasLimit, loneGasLimit),
      loneGasLimit,
      maxOperations: setbacks.maxOperations,
      limits,
      reputation,
      depositOf: paymaster => options.depositAt(paymaster, head),
    })
    for (const [validated, refusal] of branch.judges(head) ? expired : []) {
      recordExpiry(reputation.within(validated.mempools), validated)
      await mempool.drop(validated.userOperationHash, refusal)
    }
    // Tracing is the dearest step: not for what would be left out anyway.
    const { operations: worthwhile } = pricing.price(slot, chosen)
    const isOwn = ({ userOperationHash }: ValidatedOperation): boolean => own.has(userOperationHash)
    // A replacement carries all that its predecessor did.
    const carried = await options.revalidation.check(worthwhile.filter(isOwn), head, Number.POSITIVE_INFINITY)
    const added = await options.revalidation.check(
      worthwhile.filter(validated => !isOwn(validated)),
      head,
      revalidationMilliseconds,
    )
    const valid = [...carried.valid, ...added.valid]
    const refused = [...uncovered, ...carried.refused, ...added.refused]
    for (const [validated, refusal] of refused) await culprits.reject(validated, refusal, head)
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
    head: Block,
  ): Promise<ValidatedOperation | undefined> {
    let suspects = operations
    while (suspects.length > 1) {
      const half = suspects.slice(0, suspects.length >> 1)
      const simulation = await simulate(slot, half, head)
      if (simulation.kind === 'failed') return half[simulation.index]
      suspects = simulation.kind === 'success' ? suspects.slice(half.length) : half
    }
    return suspects[0]
  }

  /** With the gas that its operations call for, or, should that ever be too little, with all there may be. */
  async function simulateBundle(
    slot: Slot,
    operations: readonly ValidatedOperation[],
    head: Block,
    route: Route,
  ): Promise<{ simulation: Simulation; gasLimit: bigint }> {
    const gasLimit = route.gasLimit(gasLimitOf(operations), operations.length)
    const simulation = await simulate(slot, operations, head, gasLimit, route)
    if (simulation.kind !== 'failed' || !simulation.reason.startsWith('AA95')) return { simulation, gasLimit }
    logger.warn(
      { gasLimit, operations: operations.length },
      'a bundle needs more gas than its operations ask for',
    )
    const mostGas = affordableGas(slot, head)
    return { simulation: await simulate(slot, operations, head, mostGas, route), gasLimit: mostGas }
  }

  async function untilAccepted(
    slot: Slot,
    chosen: readonly ValidatedOperation[],
    head: Block,
    route: Route,
  ): Promise<Bundle | undefined> {
    let remaining = chosen
    while (remaining.length > 0) {
      const { operations, fees } = pricing.price(slot, remaining)
      metrics.unprofitable.inc(remaining.length - operations.length)
      if (operations.length === 0) return undefined
      const { simulation, gasLimit } = await simulateBundle(slot, operations, head, route)
      if (simulation.kind === 'success') {
        const waiting = await alongside.mustWait(operations, besides(slot), head)
        if (waiting.size > 0) {
          for (const { userOperationHash } of waiting) setbacks.untilNextBlock(userOperationHash, head.number)
          remaining = operations.filter(validated => !waiting.has(validated))
          continue
        }
        return {
          operations: operations.map(({ userOperationHash }) => userOperationHash),
          to: route.to,
          data: route.encode(operations, slot.beneficiary),
          gasLimit,
          fees,
          authorizations: authorizationsOf(operations),
        }
      }
      metrics.simulationFailures.inc()
      const culprit =
        simulation.kind === 'failed'
          ? operations[simulation.index]
          : await findCulprit(slot, operations, head)
      if (culprit === undefined)
        throw new Error('The EntryPoint names an operation that is not in the bundle')
      logger.info(
        { userOperationHash: culprit.userOperationHash, simulation },
        'a bundle fails in simulation',
      )
      const alone = operations.length === 1 ? simulation : await simulate(slot, [culprit], head)
      if (alone.kind !== 'success') await culprits.failsAlone(culprit, alone, head)
      else {
        const failsWithAllGas = await simulate(slot, operations, head, affordableGas(slot, head))
        await culprits.failsInCompany(culprit, operations.indexOf(culprit), failsWithAllGas, head)
      }
      remaining = operations.filter(validated => validated !== culprit)
    }
    return undefined
  }

  return {
    simulateAt: (slot, operations, block) => simulate(slot, operations, block),
    async build(slot, candidates, head, lastBlock) {
      const chosen = await choose(slot, candidates, head)
      if (chosen.length === 0) return undefined
      try {
        const { guard } = options
        const isGuarded = guard !== undefined && lastBlock !== undefined
        const route = isGuarded ? throughGuard(guard, version, lastBlock) : straight
        const bundle = await untilAccepted(slot, chosen, head, route)
        setbacks.succeeded()
        return bundle && { ...bundle, ...(lastBlock !== undefined && { lastBlock }) }
      } catch (error) {
        // A node that lags says nothing about the bundle.
        if (isUnknownBlock(error)) throw error
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
