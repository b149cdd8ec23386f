// What an operation pays per gas above the base fee: the EntryPoint charges
// min(maxFeePerGas, maxPriorityFeePerGas + basefee).
import { lesser } from '../extremes.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'

type OperationFees = Pick<UserOperation, 'maxFeePerGas' | 'maxPriorityFeePerGas'>

/** Wei per gas; negative when the operation cannot even pay the base fee. */
export function effectiveTip(operation: OperationFees, baseFeePerGas: bigint): bigint {
  return lesser(operation.maxFeePerGas - baseFeePerGas, operation.maxPriorityFeePerGas)
}

/** Does `one` pay better than `other`, whatever the base fee will be? */
export function paysBetter(one: OperationFees, other: OperationFees): boolean {
  if (one.maxPriorityFeePerGas !== other.maxPriorityFeePerGas) {
    return one.maxPriorityFeePerGas > other.maxPriorityFeePerGas
  }
  return one.maxFeePerGas > other.maxFeePerGas
}
