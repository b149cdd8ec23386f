// A provider answers a ping and earns its deposit.
import * as instanceLease from '../abi/instanceLease.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type PongLeaseParameters = WithContracts & { readonly leaseId: bigint }
export type PongLeaseReturnType = SendCallsReturnType
export type PongLeaseErrorType = SendCallsErrorType

/**
 * Answers an open ping.
 *
 * @example
 * import { pongLease } from '@worldland-aa/sdk/provider/pongLease'
 *
 * await pongLease(walletClient, { contracts, leaseId: 1n })
 */
export async function pongLease(
  client: AccountClient,
  parameters: PongLeaseParameters,
): Promise<PongLeaseReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: pongLease.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
pongLease.calls = ({ contracts, leaseId }: PongLeaseParameters): readonly Call[] => [
  toCall(contracts.instanceLease, { abi: [instanceLease.pong], functionName: 'pong', args: [leaseId] }),
]
