// A provider lets the meter run again.
import * as instanceLease from '../abi/instanceLease.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type ResumeLeaseParameters = WithContracts & { readonly leaseId: bigint }
export type ResumeLeaseReturnType = SendCallsReturnType
export type ResumeLeaseErrorType = SendCallsErrorType

/**
 * Resumes a paused lease.
 *
 * @example
 * import { resumeLease } from '@worldland-aa/sdk/provider/resumeLease'
 *
 * await resumeLease(walletClient, { contracts, leaseId: 1n })
 */
export async function resumeLease(
  client: AccountClient,
  parameters: ResumeLeaseParameters,
): Promise<ResumeLeaseReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: resumeLease.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
resumeLease.calls = ({ contracts, leaseId }: ResumeLeaseParameters): readonly Call[] => [
  toCall(contracts.instanceLease, { abi: [instanceLease.resume], functionName: 'resume', args: [leaseId] }),
]
