// The most that an operation can cost the paymaster's deposit: EntryPoint v0.7's requiredPrefund.
import type { RequestedOperation } from '../requestedOperation.ts'

export type PaymasterGas = {
  readonly paymasterVerificationGasLimit: bigint
  readonly paymasterPostOpGasLimit: bigint
}

export function maxCostWei(operation: RequestedOperation, paymasterGas: PaymasterGas): bigint {
  const gas =
    operation.verificationGasLimit +
    operation.callGasLimit +
    operation.preVerificationGas +
    paymasterGas.paymasterVerificationGasLimit +
    paymasterGas.paymasterPostOpGasLimit
  return gas * operation.maxFeePerGas
}
