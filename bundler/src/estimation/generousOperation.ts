// The operation as it is first run: with more gas than it can need, and with fees, so that the account pays
// its prefund as it will have to.
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { ValidationLimits } from '../validation/limits.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'

/** Stand-in where no fees are given: only whether there is a prefund matters to the gas. */
const anyFeePerGas = 1_000_000_000n
const anyPreVerificationGas = 200_000n
const generousPostOperationGas = 1_000_000n

export function withFees(userOperation: UserOperation): UserOperation {
  const { maxFeePerGas } = userOperation
  if (maxFeePerGas > 0n) return userOperation
  return { ...userOperation, maxFeePerGas: anyFeePerGas, maxPriorityFeePerGas: anyFeePerGas }
}

/** Limits of the paymaster that are given stay: it may have signed them. */
export function generousOperation(
  userOperation: UserOperation,
  limits: ValidationLimits,
  { hasPaymasterLimits }: EntryPointVersion,
): UserOperation {
  const { maxVerificationGas, maxOperationGas } = limits
  const paymaster =
    userOperation.paymaster === undefined || !hasPaymasterLimits
      ? undefined
      : {
          paymasterVerificationGasLimit: userOperation.paymasterVerificationGasLimit || maxVerificationGas,
          paymasterPostOpGasLimit: userOperation.paymasterPostOpGasLimit || generousPostOperationGas,
        }
  return {
    ...withFees(userOperation),
    ...paymaster,
    preVerificationGas: anyPreVerificationGas,
    verificationGasLimit: maxVerificationGas,
    callGasLimit: maxOperationGas,
  }
}
