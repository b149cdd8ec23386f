// May this operation take the place of another with the same sender and nonce?
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Refusal } from '@worldland-aa/service/result'
import type { UserOperation } from '../validation/validatedOperation.ts'

/** The least that a replacement must offer: `percent` above, rounded up. */
export function bumped(feePerGas: bigint, percent: number): bigint {
  return (feePerGas * BigInt(100 + percent) + 99n) / 100n
}

/** Both fees must rise, or a stranger could churn the pool for nothing. */
export function checkReplacement(
  waiting: UserOperation,
  next: UserOperation,
  bumpPercent: number,
): Refusal | undefined {
  const maxFeePerGas = bumped(waiting.maxFeePerGas, bumpPercent)
  const maxPriorityFeePerGas = bumped(waiting.maxPriorityFeePerGas, bumpPercent)
  const field =
    next.maxFeePerGas < maxFeePerGas
      ? 'maxFeePerGas'
      : next.maxPriorityFeePerGas < maxPriorityFeePerGas
        ? 'maxPriorityFeePerGas'
        : undefined
  if (field === undefined) return undefined
  return {
    code: rejectionCode.invalidFields,
    message:
      `Replacement underpriced: ${field} is too low. An operation with this sender and nonce waits already; ` +
      `to replace it give maxFeePerGas of at least ${maxFeePerGas} and maxPriorityFeePerGas of at least ` +
      `${maxPriorityFeePerGas} wei (${bumpPercent} % more)`,
    data: {
      field,
      minimumMaxFeePerGas: maxFeePerGas.toString(),
      minimumMaxPriorityFeePerGas: maxPriorityFeePerGas.toString(),
    },
  }
}
