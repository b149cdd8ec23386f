// Buys a running lease more time out of its credit and a usage right's budget, not out of the sender's
// pocket.
import * as instanceLease from '../../abi/instanceLease.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type ExtendByRightParameters = BatchParameters & {
  readonly leaseId: bigint
  /** The right whose budget pays. */
  readonly rightId: bigint
  readonly extraSeconds: number
}
/** The user operation's hash. */
export type ExtendByRightReturnType = BatchReturnType
export type ExtendByRightErrorType = BatchErrorType

/**
 * Extends a lease through a right with the act `extend`, which the sender holds. `fundLease` pays the credit
 * in beforehand.
 *
 * @example
 * import { extendByRight } from '@worldland-aa/sdk/actions/lease/extendByRight'
 *
 * const hash = await extendByRight(smartAccountClient, { contracts, leaseId, rightId, extraSeconds: 600 })
 */
export async function extendByRight(
  client: SmartAccountClient,
  parameters: ExtendByRightParameters,
): Promise<ExtendByRightReturnType> {
  return await sendBatch(client, { ...parameters, calls: extendByRight.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
extendByRight.calls = (
  parameters: WithContracts & Omit<ExtendByRightParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, leaseId, rightId, extraSeconds } = parameters
  return [
    toCall(contracts.instanceLease, {
      abi: [instanceLease.extendByRight],
      functionName: 'extendByRight',
      args: [leaseId, rightId, extraSeconds],
    }),
  ]
}
