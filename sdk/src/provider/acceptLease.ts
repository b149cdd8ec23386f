// A provider agrees to a lease as it stands and locks its bond.
import * as instanceLease from '../abi/instanceLease.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type AcceptLeaseParameters = WithContracts & { readonly leaseId: bigint }
export type AcceptLeaseReturnType = SendCallsReturnType
export type AcceptLeaseErrorType = SendCallsErrorType

/**
 * Accepts a lease: its bond is locked, and the machine must be ready within the market's `readyBlocks`.
 *
 * @example
 * import { acceptLease } from '@worldland-aa/sdk/provider/acceptLease'
 *
 * await acceptLease(walletClient, { contracts, leaseId: 1n })
 */
export async function acceptLease(
  client: AccountClient,
  parameters: AcceptLeaseParameters,
): Promise<AcceptLeaseReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: acceptLease.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
acceptLease.calls = ({ contracts, leaseId }: AcceptLeaseParameters): readonly Call[] => [
  toCall(contracts.instanceLease, { abi: [instanceLease.accept], functionName: 'accept', args: [leaseId] }),
]
