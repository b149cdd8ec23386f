// Why an acknowledged operation left without landing, in words that its sender can act on.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Refusal } from '@worldland-aa/service/result'
import type { Hash } from 'viem'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { MempoolLimits } from './limits.ts'
import { type Entry, hashOf } from './pool.ts'

export function replacedBy({ userOperationHash }: ValidatedOperation): Refusal {
  return {
    code: rejectionCode.invalidFields,
    message: `replaced by operation ${userOperationHash}, which pays more for the same nonce`,
    data: { replacedBy: userOperationHash },
  }
}

export function evictedBy({ userOperation }: ValidatedOperation): Refusal {
  return {
    code: rejectionCode.reputation,
    message: `made room for a better paying operation (maxPriorityFeePerGas ${userOperation.maxPriorityFeePerGas}): the mempool is full; send again with a higher fee`,
  }
}

export function poolFull(limits: MempoolLimits, worst: Entry): Refusal {
  const { maxPriorityFeePerGas } = worst.validated.userOperation
  return {
    code: rejectionCode.reputation,
    message: `the mempool is full (${limits.maxOperations} operations); give maxPriorityFeePerGas of more than ${maxPriorityFeePerGas} wei, or try again later`,
    data: { field: 'maxPriorityFeePerGas', aboveWei: maxPriorityFeePerGas.toString() },
  }
}

export function outrunBy(hash: Hash): Refusal {
  return {
    code: rejectionCode.entryPoint,
    message: `AA25 invalid account nonce: operation ${hash} landed with the same nonce`,
    data: { landed: hash },
  }
}

export const cleared: Refusal = {
  code: rejectionCode.entryPoint,
  message: 'the mempool was cleared by its operator',
}

export function alreadyInFlight(entry: Entry): Refusal {
  const { nonce } = entry.validated.userOperation
  return {
    code: rejectionCode.invalidFields,
    message: `nonce ${nonce} is taken by operation ${hashOf(entry)}, which rides in transaction ${entry.transactionHash} already; wait until that one has landed, and use the next nonce then; it can be replaced only while no block takes that transaction, for its base fee`,
    data: { field: 'nonce', transactionHash: entry.transactionHash },
  }
}
