// A provider halts the meter, for instance to restart the machine.
import * as instanceLease from '../abi/instanceLease.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type PauseLeaseParameters = WithContracts & { readonly leaseId: bigint }
export type PauseLeaseReturnType = SendCallsReturnType
export type PauseLeaseErrorType = SendCallsErrorType

/**
 * Pauses a lease, within the market's budget of pauses; not while a ping is open.
 *
 * @example
 * import { pauseLease } from '@worldland-aa/sdk/provider/pauseLease'
 *
 * await pauseLease(walletClient, { contracts, leaseId: 1n })
 */
export async function pauseLease(
  client: AccountClient,
  parameters: PauseLeaseParameters,
): Promise<PauseLeaseReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: pauseLease.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
pauseLease.calls = ({ contracts, leaseId }: PauseLeaseParameters): readonly Call[] => [
  toCall(contracts.instanceLease, { abi: [instanceLease.pause], functionName: 'pause', args: [leaseId] }),
]
