// Ends a lease and pays everybody out, in one user operation.
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
import { ComputeError } from '../../errors/computeError.ts'
import { type GetLeaseErrorType, getLease } from './getLease.ts'
import type { LeaseState } from './lease.ts'

export type StopLeaseParameters = BatchParameters & { readonly leaseId: bigint }
/** The user operation's hash, for `waitForSettlement`. */
export type StopLeaseReturnType = BatchReturnType
export type StopLeaseErrorType = GetLeaseErrorType | BatchErrorType

/**
 * The provider may accept the lease, or ready the machine, before this lands: stopping and settling takes more gas then
 * than cancelling did when it was estimated, and it must not fail for want of it.
 */
const settlingGas = 160_000n

/**
 * Stops a lease and settles it; before the machine is ready, that cancels it and refunds everything.
 *
 * @example
 * import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
 * import { waitForSettlement } from '@worldland-aa/sdk/actions/lease/waitForSettlement'
 *
 * const hash = await stopLease(smartAccountClient, { contracts, leaseId })
 * const { refundWei } = await waitForSettlement(smartAccountClient, { contracts, hash })
 */
export async function stopLease(
  client: SmartAccountClient,
  parameters: StopLeaseParameters,
): Promise<StopLeaseReturnType> {
  const { leaseId, ...batch } = parameters
  const { state } = await getLease(client, { contracts: batch.contracts, leaseId })
  const calls = stopLease.calls({ contracts: batch.contracts, leaseId, state })
  if (calls.length === 0) {
    throw new ComputeError({
      problem: `Lease ${leaseId} is ${state} already.`,
      remedy: 'Nothing is left to do: what was unused has been refunded.',
    })
  }
  const isBeforeReady = state === 'locked' || state === 'accepted'
  return await sendBatch(client, { ...(isBeforeReady && { callGasLimit: settlingGas }), ...batch, calls })
}

/** The calls alone, for a batch of one's own; none when the lease has ended. */
stopLease.calls = (
  parameters: WithContracts & { readonly leaseId: bigint; readonly state: LeaseState },
): readonly Call[] => {
  const { contracts, leaseId, state } = parameters
  const lease = { abi: [instanceLease.stopAndSettle, instanceLease.settle], args: [leaseId] } as const
  if (state === 'settled' || state === 'expired' || state === 'faulted') return []
  // Who may settle need not be who may stop.
  const functionName = state === 'stopped' ? 'settle' : 'stopAndSettle'
  return [toCall(contracts.instanceLease, { ...lease, functionName })]
}
