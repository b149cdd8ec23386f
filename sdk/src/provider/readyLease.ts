// A provider hands the machine over; the meter starts.
import type { Hex } from 'viem'
import * as instanceLease from '../abi/instanceLease.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type ReadyLeaseParameters = WithContracts & {
  readonly leaseId: bigint
  /** How to reach the machine, at most 1024 bytes. Everybody can read it: seal it (`handOverLease`, `sealAccess`). */
  readonly access: Hex
}
export type ReadyLeaseReturnType = SendCallsReturnType
export type ReadyLeaseErrorType = SendCallsErrorType

/**
 * Declares the machine of an accepted lease ready.
 *
 * @example
 * import { readyLease } from '@worldland-aa/sdk/provider/readyLease'
 *
 * await readyLease(walletClient, { contracts, leaseId: 1n, access: sealedAccess })
 */
export async function readyLease(
  client: AccountClient,
  parameters: ReadyLeaseParameters,
): Promise<ReadyLeaseReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: readyLease.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
readyLease.calls = ({ contracts, leaseId, access }: ReadyLeaseParameters): readonly Call[] => [
  toCall(contracts.instanceLease, {
    abi: [instanceLease.ready],
    functionName: 'ready',
    args: [leaseId, access],
  }),
]
