// Refunds a lease that its provider did not accept, or not make ready, in time.
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

export type ExpireLeaseParameters = BatchParameters & {
  readonly leaseId: bigint
}
/** The user operation's hash. */
export type ExpireLeaseReturnType = BatchReturnType
export type ExpireLeaseErrorType = BatchErrorType

/**
 * Expires a lease whose deadline block has passed: all of the escrow goes back to the payer. Anybody may do
 * it.
 *
 * @example
 * import { expireLease } from '@worldland-aa/sdk/actions/lease/expireLease'
 *
 * const hash = await expireLease(smartAccountClient, { contracts, leaseId })
 */
export async function expireLease(
  client: SmartAccountClient,
  parameters: ExpireLeaseParameters,
): Promise<ExpireLeaseReturnType> {
  return await sendBatch(client, { ...parameters, calls: expireLease.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
expireLease.calls = (
  parameters: WithContracts & Omit<ExpireLeaseParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, leaseId } = parameters
  return [
    toCall(contracts.instanceLease, { abi: [instanceLease.expire], functionName: 'expire', args: [leaseId] }),
  ]
}
