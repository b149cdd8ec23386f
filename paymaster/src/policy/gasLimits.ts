// Bounds on an operation's gas fields, whoever pays. An inflated preVerificationGas or tip flows into its
// bundler's pocket, an inflated callGasLimit is billed by a tenth: none of it may come out of the deposit.
import { accept, type Result } from '@worldland-aa/service/result'
import { deny } from '../denial.ts'
import type { RequestedOperation } from '../requestedOperation.ts'

export type GasLimits = {
  readonly callGasLimit: bigint
  readonly verificationGasLimit: bigint
  readonly preVerificationGas: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

const gasFields = ['callGasLimit', 'verificationGasLimit', 'preVerificationGas'] as const
const feeFields = ['maxFeePerGas', 'maxPriorityFeePerGas'] as const

export function judgeGas(operation: RequestedOperation, limits: GasLimits): Result<RequestedOperation> {
  for (const field of [...gasFields, ...feeFields]) {
    if (operation[field] <= limits[field]) continue
    const isFee = (feeFields as readonly string[]).includes(field)
    return deny(
      isFee ? 'feeTooHigh' : 'gasLimitTooHigh',
      `${field} is ${operation[field]}, above the ${limits[field]} ${isFee ? 'wei ' : ''}that this paymaster accepts: lower it`,
      { field, value: String(operation[field]), limit: String(limits[field]) },
    )
  }
  return accept(operation)
}
