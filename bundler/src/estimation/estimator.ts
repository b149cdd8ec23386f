// One estimate at one block: a generous run of the operation, then the least limits with which it still runs so. It
// stands beside the EVM that runs it, for what a run tells is large and its outcome small.

import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Block } from '@worldland-aa/service/chain/block'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { ValidationLimits } from '../validation/limits.ts'
import { reject } from '../validation/rejection.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { CallTracer } from './callTracer.ts'
import { ExecutionTooLong } from './executionTooLong.ts'
import { createFunding, type Funding } from './funding.ts'
import { contextBytesOf, type GasLimits, gasLimitsFrom } from './gasLimits.ts'
import { generousOperation, withFees } from './generousOperation.ts'
import { checkOutcome, tightLimit } from './outcome.ts'
import type { RpcOverrides } from './overrides.ts'
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

export type EstimateRequest = { readonly userOperation: UserOperation; readonly overrides: RpcOverrides }

export type Estimator = {
  /** Throws when the node does not answer. */
  estimateAt(block: Block, request: EstimateRequest): Promise<Result<GasEstimate>>
}

export type EstimatorOptions = {
  readonly tracer: CallTracer
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly limits: ValidationLimits
  readonly preVerificationGas: PreVerificationGas
}

/** The most that an account's payment into an empty deposit adds to its validation: it may do without. */
const paymentGas = 45_000n

export function createEstimator(options: EstimatorOptions): Estimator {
  return {
    async estimateAt(block, request) {
      try {
        return await estimateAt(block, request, options)
      } catch (error) {
        if (error instanceof ExecutionTooLong) return tooLong(error)
        throw error
      }
    },
  }
}

async function estimateAt(
  block: Block,
  request: EstimateRequest,
  options: EstimatorOptions,
): Promise<Result<GasEstimate>> {
  const { userOperation } = request
  const funding = await createFunding({ ...options, ...request, block })
  const estimate = await estimateWith(funding, block, userOperation, options)
  const lasts = estimate.ok && funding.suffices({ ...userOperation, ...estimate.value })
  // An account that cannot pay by itself, or never does, has but its deposit.
  return lasts || !funding.isDepositHidden
    ? estimate
    : await estimateWith(funding.withDeposit(), block, userOperation, options)
}

async function estimateWith(
  { overridesFor, isDepositHidden }: Funding,
  block: Block,
  userOperation: UserOperation,
  { tracer, entryPoint, version, limits, preVerificationGas }: EstimatorOptions,
): Promise<Result<GasEstimate>> {
  const run = (operation: UserOperation): Promise<Simulation> =>
    simulate({
      tracer,
      entryPoint,
      version,
      block,
      userOperation: operation,
      overrides: overridesFor(operation),
      isDepositHidden,
    })

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
    meteredGas: baseline.verificationGas - (isDepositHidden ? paymentGas : 0n),
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

function tooLong({ message }: ExecutionTooLong): Result<never> {
  return reject(rejectionCode.executionReverted, `execution cannot be estimated: ${message}`, {
    hint: 'check that its calls end, or divide them among several operations',
  })
}

function presentLimits(
  limits: GasLimits,
  { paymaster }: UserOperation,
  { hasPaymasterLimits }: EntryPointVersion,
): Omit<GasEstimate, 'preVerificationGas'> {
  const { verificationGasLimit, callGasLimit } = limits
  return paymaster === undefined || !hasPaymasterLimits ? { verificationGasLimit, callGasLimit } : limits
}
