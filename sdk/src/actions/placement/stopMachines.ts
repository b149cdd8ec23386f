// Stops all machines of a placement by one user operation.
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { stopLease } from '../lease/stopLease.ts'
import { endingCalls } from './endingCalls.ts'
import { type GetPlacementErrorType, getPlacement } from './getPlacement.ts'
import type { RunningPlacement } from './runningPlacement.ts'

export type StopMachinesParameters = BatchParameters & { readonly placement: RunningPlacement }
/** The user operation's hash. */
export type StopMachinesReturnType = BatchReturnType
export type StopMachinesErrorType = GetPlacementErrorType | BatchErrorType

/** Of one machine that its provider readies before this lands, which takes more gas than cancelling. */
const settlingGas = 160_000n

/**
 * Stops all machines of a placement by one user operation and settles their leases; what is unused comes back.
 *
 * @example
 * import { stopMachines } from '@worldland-aa/sdk/actions/placement/stopMachines'
 *
 * const hash = await stopMachines(smartAccountClient, { contracts, placement })
 */
export async function stopMachines(
  client: SmartAccountClient,
  parameters: StopMachinesParameters,
): Promise<StopMachinesReturnType> {
  const { contracts, placement } = parameters
  const { machines } = await getPlacement(client, { contracts, placement })
  const calls = machines.flatMap(({ condition, lease }) => {
    if (condition === 'gone') return []
    if (condition === 'lost') return endingCalls({ contracts, lease })
    return stopLease.calls({ contracts, leaseId: lease.leaseId, state: lease.state })
  })
  if (calls.length === 0) {
    throw new ComputeError({
      problem: 'All machines of the placement have ended already.',
      remedy: 'Nothing is left to do: what was unused has been refunded.',
    })
  }
  const isBeforeReady = machines.some(({ lease }) => lease.state === 'locked' || lease.state === 'accepted')
  const callGasLimit = settlingGas * BigInt(calls.length + 1)
  return await sendBatch(client, { ...(isBeforeReady && { callGasLimit }), ...parameters, calls })
}
