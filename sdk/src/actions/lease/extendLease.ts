// Buys a running lease more time at its frozen price.
import * as instanceLease from '../../abi/instanceLease.ts'
import { approveCall } from '../../account/approveCall.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type GetLeaseErrorType, getLease } from './getLease.ts'
import type { Lease } from './lease.ts'

export type ExtendLeaseParameters = BatchParameters & {
  readonly leaseId: bigint
  readonly extraSeconds: number
}
export type ExtendLeaseReturnType = BatchReturnType
export type ExtendLeaseErrorType = GetLeaseErrorType | BatchErrorType

/**
 * Extends a lease by one user operation: approves the exact price and pays it into escrow.
 *
 * @example
 * import { extendLease } from '@worldland-aa/sdk/actions/lease/extendLease'
 *
 * const hash = await extendLease(smartAccountClient, { contracts, leaseId, extraSeconds: 600 })
 */
export async function extendLease(
  client: SmartAccountClient,
  parameters: ExtendLeaseParameters,
): Promise<ExtendLeaseReturnType> {
  const { leaseId, extraSeconds, ...batch } = parameters
  const lease = await getLease(client, { contracts: batch.contracts, leaseId })
  const calls = extendLease.calls({ contracts: batch.contracts, lease, extraSeconds })
  return await sendBatch(client, { ...batch, calls })
}

/** The calls alone, for a batch of one's own. */
extendLease.calls = (
  parameters: WithContracts & {
    readonly lease: Pick<Lease, 'leaseId' | 'units' | 'pricePerSecondWei'>
    readonly extraSeconds: number
  },
): readonly Call[] => {
  const { contracts, lease, extraSeconds } = parameters
  return [
    approveCall({
      token: contracts.token,
      spender: contracts.instanceLease,
      amountWei: lease.pricePerSecondWei * BigInt(lease.units) * BigInt(extraSeconds),
    }),
    toCall(contracts.instanceLease, {
      abi: [instanceLease.extend],
      functionName: 'extend',
      args: [lease.leaseId, extraSeconds],
    }),
  ]
}
