// A user operation as someone asks to have it paid: complete but for gas that is not estimated yet,
// and for the paymaster's own fields.
import type { Address, Hex } from 'viem'

export type RequestedOperation = {
  readonly sender: Address
  readonly nonce: bigint
  /** Both or neither; given when the operation deploys its account. */
  readonly factory?: Address
  readonly factoryData?: Hex
  readonly callData: Hex
  /** Gas; 0 while not estimated. */
  readonly callGasLimit: bigint
  readonly verificationGasLimit: bigint
  readonly preVerificationGas: bigint
  /** Wei per gas; 0 while not known. */
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  /** Gas that the caller already counts on, from an earlier answer of ours or an estimate. */
  readonly paymasterVerificationGasLimit?: bigint
  readonly paymasterPostOpGasLimit?: bigint
  /** The account's, most often a dummy: good for an estimate, and not looked at otherwise. */
  readonly signature?: Hex
}

/** True when the gas is estimated, so that a signature over it could land. */
export function hasGas(operation: RequestedOperation): boolean {
  return operation.verificationGasLimit > 0n && operation.preVerificationGas > 0n
}
