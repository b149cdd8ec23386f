// Bounds on an operation's gas fields, whoever pays. An inflated preVerificationGas or tip flows into its
// bundler's pocket, an inflated callGasLimit is billed by a tenth, and each ties up the deposit: none of it may.
import { accept, type Result } from '@worldland-aa/service/result'
import { deny } from '../denial.ts'
import type { FeeBounds } from '../pricing/networkFees.ts'
import { hasGas, type RequestedOperation } from '../requestedOperation.ts'

export type GasLimits = {
  readonly callGasLimit: bigint
  readonly verificationGasLimit: bigint
  readonly preVerificationGas: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

/** What the network and the operation's own bytes make plausible. */
export type GasBounds = {
  readonly limits: GasLimits
  readonly feeBounds: () => FeeBounds
  readonly mostPreVerificationGas: (operation: RequestedOperation, isPaidInErc20: boolean) => bigint
}

const gasFields = ['callGasLimit', 'verificationGasLimit', 'preVerificationGas'] as const
const feeFields = ['maxFeePerGas', 'maxPriorityFeePerGas'] as const

export function judgeGas(
  operation: RequestedOperation,
  bounds: GasBounds,
  isPaidInErc20 = false,
): Result<RequestedOperation> {
  for (const field of gasFields) {
    if (operation[field] > bounds.limits[field]) return tooHigh(operation, field, bounds.limits[field])
  }
  return (
    judgePreVerificationGas(operation, bounds, isPaidInErc20) ??
    judgeFees(operation, bounds) ??
    accept(operation)
  )
}

function tooHigh(operation: RequestedOperation, field: keyof GasLimits, limit: bigint): Result<never> {
  const isFee = (feeFields as readonly string[]).includes(field)
  return deny(
    isFee ? 'feeTooHigh' : 'gasLimitTooHigh',
    {
      problem: `${field} is ${operation[field]}, above the ${limit} ${isFee ? 'wei ' : ''}that this paymaster accepts`,
      remedy: `lower it${isFee ? ' (pimlico_getUserOperationGasPrice of a bundler)' : ''}`,
    },
    { field, value: String(operation[field]), limit: String(limit) },
  )
}

function judgePreVerificationGas(
  operation: RequestedOperation,
  { mostPreVerificationGas }: GasBounds,
  isPaidInErc20: boolean,
): Result<never> | undefined {
  const { preVerificationGas } = operation
  if (!hasGas(operation)) return undefined
  const limit = mostPreVerificationGas(operation, isPaidInErc20)
  if (preVerificationGas <= limit) return undefined
  return deny(
    'gasLimitTooHigh',
    {
      problem: `preVerificationGas is ${preVerificationGas}, and a bundler needs no more than ${limit} for the bytes of this operation`,
      remedy: "lower it, or give a stub signature as long as the account's will be",
    },
    { field: 'preVerificationGas', value: String(preVerificationGas), limit: String(limit) },
  )
}

function judgeFees(
  operation: RequestedOperation,
  { limits, feeBounds }: GasBounds,
): Result<never> | undefined {
  const { maxFeePerGas } = operation
  // Not known yet, while the gas is estimated.
  if (maxFeePerGas === 0n && !hasGas(operation)) return undefined
  const bounds = feeBounds()
  const mostWei = {
    maxFeePerGas: lesser(limits.maxFeePerGas, bounds.mostFeePerGasWei),
    maxPriorityFeePerGas: lesser(limits.maxPriorityFeePerGas, bounds.mostPriorityFeePerGasWei),
  }
  for (const field of feeFields) {
    if (operation[field] > mostWei[field]) return tooHigh(operation, field, mostWei[field])
  }
  const { leastFeePerGasWei } = bounds
  if (maxFeePerGas >= leastFeePerGasWei) return undefined
  return deny(
    'feeTooLow',
    {
      problem: `maxFeePerGas is ${maxFeePerGas}, below the ${leastFeePerGasWei} wei that the next block asks for`,
      remedy: 'raise it (pimlico_getUserOperationGasPrice of a bundler)',
    },
    { field: 'maxFeePerGas', value: String(maxFeePerGas), least: String(leastFeePerGasWei) },
  )
}

function lesser(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
