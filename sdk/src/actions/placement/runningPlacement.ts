// What is kept of a placement that was rented: the plan and the ids of its leases. All else is read from the chain, so a
// program that was stopped goes on from this alone (`writePlacement`, `readPlacement`).
import type { Address } from 'viem'
import type { PlacementPlan } from './plan.ts'

export type RunningPlacement = {
  /** Whose money it is. */
  readonly payer: Address
  readonly plan: PlacementPlan
  /** For each machine of the plan all of its leases, the present one last. */
  readonly leaseIds: readonly (readonly bigint[])[]
  /** The block of its first lease: where the chain's log is searched from. */
  readonly fromBlock: bigint
}

/**
 * Makes the record of a placement that was just rented.
 *
 * @example
 * import { toRunningPlacement } from '@worldland-aa/sdk/actions/placement/runningPlacement'
 *
 * const { leases, receipt } = await waitForMachines(smartAccountClient, { contracts, plan, hash })
 * const fromBlock = receipt.receipt.blockNumber
 * const placement = toRunningPlacement({ payer: receipt.sender, plan, leases, fromBlock })
 */
export function toRunningPlacement(rented: {
  readonly payer: Address
  readonly plan: PlacementPlan
  readonly leases: readonly { readonly leaseId: bigint }[]
  readonly fromBlock: bigint
}): RunningPlacement {
  const { payer, plan, leases, fromBlock } = rented
  return { payer, plan, leaseIds: leases.map(({ leaseId }) => [leaseId]), fromBlock }
}

/** With one more lease for the machine at `index`. */
export function withReplacement(
  placement: RunningPlacement,
  index: number,
  leaseId: bigint,
): RunningPlacement {
  const leaseIds = placement.leaseIds.map((ids, place) => (place === index ? [...ids, leaseId] : ids))
  return { ...placement, leaseIds }
}
