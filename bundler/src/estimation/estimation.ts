// What gas should this operation ask for? Measured by running it, not guessed, for accounts that may
// not exist yet, hold nothing and have not signed.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address, StateOverride } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { AuthorizationTerms } from '../validation/authorization.ts'
import { checkShape } from '../validation/fields.ts'
import { atNewestHead, type HeadSource } from '../validation/headSource.ts'
import type { ValidationLimits } from '../validation/limits.ts'
import { rejectField } from '../validation/rejection.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { CallTracer } from './callTracer.ts'
import { createFunding } from './funding.ts'
import { contextBytesOf, type GasLimits, gasLimitsFrom } from './gasLimits.ts'
import { generousOperation, withFees } from './generousOperation.ts'
import { checkOutcome, tightLimit } from './outcome.ts'
import { delegateSender, type RpcOverrides, serializeOverride } from './overrides.ts'
import type { PreVerificationGas } from './preVerificationGas.ts'
import { searchLimits } from './searchLimits.ts'
import { type Simulation, simulate } from './simulation.ts'

/** The answer of eth_estimateUserOperationGas (ERC-7769), in gas. */
export type GasEstimate = {
  readonly preVerificationGas: bigint
  readonly verificationGasLimit: bigint
  readonly callGasLimit: bigint
  readonly paymasterVerificationGasLimit?: bigint
  readonly paymasterPostOpGasLimit?: bigint
}

export type EstimationOptions = {
  readonly tracer: CallTracer
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly chain: HeadSource
  readonly limits: ValidationLimits
  readonly preVerificationGas: PreVerificationGas
  readonly authorizations?: AuthorizationTerms
  readonly logger: Logger
}

export type Estimation = {
  /** Zero gas limits and fees mean "not given". Throws when the node does not answer. */
  estimate(userOperation: UserOperation, stateOverride?: StateOverride): Promise<Result<GasEstimate>>
}

export function createEstimation(options: EstimationOptions): Estimation {
  const { chain, logger } = options
  return {
    async estimate(userOperation, stateOverride = []) {
      const overrides = serializeOverride(stateOverride)
      if (overrides === undefined) {
        return rejectField('stateOverride', 'gives one account both state and stateDiff', 'give one of them')
      }
      const shape = checkShape(userOperation, options)
      if (!shape.ok) return shape
      const request = { userOperation, overrides: delegateSender(overrides, userOperation) }
      const estimate = await atNewestHead(chain, block => estimateAt(block, request, options))
      if (!estimate.ok) {
        logger.debug({ sender: userOperation.sender, refusal: estimate.refusal }, 'an estimate was refused')
      }
      return estimate
    },
  }
}

async function estimateAt(
  block: Block,
  { userOperation, overrides }: { userOperation: UserOperation; overrides: RpcOverrides },
  { tracer, entryPoint, version, limits, preVerificationGas }: EstimationOptions,
): Promise<Result<GasEstimate>> {
  const fund = await createFunding({ tracer, entryPoint, version, block, userOperation, overrides })
  const run = (operation: UserOperation): Promise<Simulation> =>
    simulate({ tracer, entryPoint, version, block, userOperation: operation, overrides: fund(operation) })

  const generous = checkOutcome(
    await run(generousOperation(userOperation, limits, version)),
    userOperation,
    version,
  )
  if (!generous.ok) return generous
  const baseline = generous.value
  const gas = preVerificationGas.estimate(userOperation, {
    contextBytes: contextBytesOf(baseline),
    // The limits of execution, and so the fine on what they leave, are yet to be found.
    meteredGas: baseline.verificationGas,
  })
  const measure = (simulation: Simulation & { ok: true }): GasLimits =>
    gasLimitsFrom(simulation, userOperation, version)
  const estimateOf = (needed: GasLimits): GasEstimate => ({
    preVerificationGas: gas,
    ...presentLimits(needed, userOperation, version),
  })
  let outcome: Result<unknown> = generous
  const needed = await searchLimits(measure(baseline), async trial => {
    const simulation = await run({ ...withFees(userOperation), ...estimateOf(trial) })
    outcome = checkOutcome(simulation, userOperation, version)
    const tight = tightLimit(simulation, baseline, version)
    return simulation.ok && tight === undefined
      ? { suffices: true, measured: measure(simulation) }
      : { suffices: false, tight: tight ?? 'verificationGasLimit' }
  })
  return needed.suffice || outcome.ok ? accept(estimateOf(needed.limits)) : outcome
}

function presentLimits(
  limits: GasLimits,
  { paymaster }: UserOperation,
  { hasPaymasterLimits }: EntryPointVersion,
): Omit<GasEstimate, 'preVerificationGas'> {
  const { verificationGasLimit, callGasLimit } = limits
  return paymaster === undefined || !hasPaymasterLimits ? { verificationGasLimit, callGasLimit } : limits
}
