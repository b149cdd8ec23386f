// Replaces a machine that was lost: by one user operation the lost lease is ended, which refunds it, and another machine
// is rented for the time that is left, within what is left of the budget and from nobody who failed before.

import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
  senderOf,
} from '../../account/sendBatch.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { endingCalls } from './endingCalls.ts'
import { type GetPlacementErrorType, getPlacement } from './getPlacement.ts'
import type { PlannedMachine } from './plan.ts'
import { planReplacement } from './planReplacement.ts'
import { type MachineTerms, rentMachines } from './rentMachines.ts'
import type { RunningPlacement } from './runningPlacement.ts'
import { type MachineRequests, sealMachineRequests } from './sealMachineRequests.ts'

export type ReplaceMachineParameters = BatchParameters &
  MachineTerms &
  MachineRequests & {
    readonly placement: RunningPlacement
    /** Its place in the plan. */
    readonly index: number
    /** Lost leases, of all machines together, after which nothing more is tried. Default: 5. */
    readonly maximumFailures?: number | undefined
    /** Time to rent it for. Default: what is left of the time planned. */
    readonly seconds?: number | undefined
    /** Told of what is about to be rented, before it is sent: for who must know after being stopped (`findMachines`). */
    readonly onPlanned?: ((machine: PlannedMachine) => void) | undefined
  }
export type ReplaceMachineReturnType = {
  /** The user operation's hash, for `waitForReplacement`. */
  readonly hash: BatchReturnType
  readonly index: number
  readonly machine: PlannedMachine
}
export type ReplaceMachineErrorType = GetPlacementErrorType | BatchErrorType

/**
 * Replaces a lost machine by one user operation: ends its lease, which refunds what is unused, and rents another machine
 * for the time that is left, within what is left of the budget and from nobody who failed before.
 *
 * @example
 * import { replaceMachine } from '@worldland-aa/sdk/actions/placement/replaceMachine'
 * import { waitForReplacement } from '@worldland-aa/sdk/actions/placement/waitForReplacement'
 *
 * const sent = await replaceMachine(smartAccountClient, { contracts, placement, index: 0 })
 * const { placement: present } = await waitForReplacement(smartAccountClient, { contracts, placement, ...sent })
 */
export async function replaceMachine(
  client: SmartAccountClient,
  parameters: ReplaceMachineParameters,
): Promise<ReplaceMachineReturnType> {
  const { contracts, placement, index, maximumFailures = 5, imageDigest, broker } = parameters
  const account = senderOf(client, parameters)
  const status = await getPlacement(client, { contracts, placement })
  const lost = status.machines[index]
  if (lost?.condition !== 'lost') {
    throw new ComputeError({
      problem:
        lost === undefined
          ? `The plan has no machine ${index}.`
          : `Machine ${index} is not lost: ${lost.why}.`,
      remedy: 'Replace those whose condition getPlacement says is lost.',
    })
  }
  if (status.failures >= maximumFailures) {
    throw new ComputeError({
      problem: `Leases of this placement lost so far: ${status.failures}; the limit is ${maximumFailures}.`,
      remedy: 'See why (getPlacement) before more is tried; raise maximumFailures to go on.',
    })
  }
  const machine = await planReplacement(chainClientOf(client), { ...parameters, status, lost })
  const sealedRequests = await sealMachineRequests(client, { ...parameters, account, machines: [machine] })
  parameters.onPlanned?.(machine)
  const calls = [
    ...endingCalls({ contracts, lease: lost.lease }),
    ...rentMachines.calls({ contracts, plan: { machines: [machine] }, sealedRequests, imageDigest, broker }),
  ]
  return { hash: await sendBatch(client, { ...parameters, calls }), index, machine }
}
