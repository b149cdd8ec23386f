// Waits until a lost machine is replaced, and hands back the placement with its new lease.
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { PlannedMachine } from './plan.ts'
import { type RunningPlacement, withReplacement } from './runningPlacement.ts'
import {
  type RentedMachine,
  type WaitForMachinesErrorType,
  type WaitForMachinesParameters,
  waitForMachines,
} from './waitForMachines.ts'

export type WaitForReplacementParameters = Omit<WaitForMachinesParameters, 'plan'> & {
  readonly placement: RunningPlacement
  /** As `replaceMachine` returned it. */
  readonly index: number
  readonly machine: PlannedMachine
}
export type WaitForReplacementReturnType = {
  /** To be kept in the place of the one before. */
  readonly placement: RunningPlacement
  readonly lease: RentedMachine
}
export type WaitForReplacementErrorType = WaitForMachinesErrorType

/**
 * Waits for the user operation of `replaceMachine` and returns the placement with its new lease.
 *
 * @example
 * import { waitForReplacement } from '@worldland-aa/sdk/actions/placement/waitForReplacement'
 *
 * const { placement: present } = await waitForReplacement(smartAccountClient, { contracts, placement, ...sent })
 */
export async function waitForReplacement(
  client: SmartAccountClient,
  parameters: WaitForReplacementParameters,
): Promise<WaitForReplacementReturnType> {
  const { placement, index, machine } = parameters
  const { leases } = await waitForMachines(client, { ...parameters, plan: { machines: [machine] } })
  const [lease] = leases
  if (lease === undefined) throw new Error(`Operation ${parameters.hash} opened no lease`)
  return { placement: withReplacement(placement, index, lease.leaseId), lease }
}
