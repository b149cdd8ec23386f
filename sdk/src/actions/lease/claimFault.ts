// Ends a lease whose provider left a ping unanswered.
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

export type ClaimFaultParameters = BatchParameters & { readonly leaseId: bigint }
/** The user operation's hash, for `waitForSettlement`. */
export type ClaimFaultReturnType = BatchReturnType
export type ClaimFaultErrorType = BatchErrorType

/**
 * Claims a fault: the meter ends at the unanswered ping, the rest and the ping's deposit are refunded, and
 * half of the provider's bond goes to the payer.
 *
 * @example
 * import { claimFault } from '@worldland-aa/sdk/actions/lease/claimFault'
 *
 * const hash = await claimFault(smartAccountClient, { contracts, leaseId })
 */
export async function claimFault(
  client: SmartAccountClient,
  parameters: ClaimFaultParameters,
): Promise<ClaimFaultReturnType> {
  const { leaseId, ...batch } = parameters
  return await sendBatch(client, {
    ...batch,
    calls: claimFault.calls({ contracts: batch.contracts, leaseId }),
  })
}

/** The calls alone, for a batch of one's own. */
claimFault.calls = (parameters: WithContracts & { readonly leaseId: bigint }): readonly Call[] => [
  toCall(parameters.contracts.instanceLease, {
    abi: [instanceLease.claimFault],
    functionName: 'claimFault',
    args: [parameters.leaseId],
  }),
]
