// The most an operation can cost, as the EntryPoint of v0.7 reckons it.
import type { UserOperation } from './validatedOperation.ts'

/** Wei: all five gas limits at maxFeePerGas. */
export function requiredPrefund(userOperation: UserOperation): bigint {
  const gas =
    userOperation.verificationGasLimit +
    userOperation.callGasLimit +
    (userOperation.paymasterVerificationGasLimit ?? 0n) +
    (userOperation.paymasterPostOpGasLimit ?? 0n) +
    userOperation.preVerificationGas
  return gas * userOperation.maxFeePerGas
}
