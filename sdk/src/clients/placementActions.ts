// Binds the actions of several machines at once: chosen together, rented together, replaced when one is lost.
import type { Client } from 'viem'
import { findMachines } from '../actions/placement/findMachines.ts'
import { getPlacement } from '../actions/placement/getPlacement.ts'
import { planRental } from '../actions/placement/planRental.ts'
import { rentMachines } from '../actions/placement/rentMachines.ts'
import { replaceMachine } from '../actions/placement/replaceMachine.ts'
import { stopMachines } from '../actions/placement/stopMachines.ts'
import { waitForMachines } from '../actions/placement/waitForMachines.ts'
import { waitForReplacement } from '../actions/placement/waitForReplacement.ts'
import { watchPlacement } from '../actions/placement/watchPlacement.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = {
  /** Finds the leases of machines that were sent to be rented, when the operation's hash was lost. */
  findMachines,
  /**
   * Returns how a rented placement stands: what became of each machine, who failed, and what is left of the budget.
   */
  getPlacement,
  /**
   * Watches a rented placement: each of its machines and what is left of the budget, for every new block. Returns a
   * function that ends it.
   */
  watchPlacement,
  /**
   * Plans a rental of several machines over the providers of the market: which to take, why, why not the others,
   * and what they cost together. Nothing is sent; `rentMachines` rents what it says.
   */
  planRental,
}
const writes = {
  /**
   * Stops all machines of a placement by one user operation and settles their leases; what is unused comes back.
   */
  stopMachines,
  /**
   * Replaces a lost machine by one user operation: ends its lease, which refunds what is unused, and rents another
   * machine for the time that is left, within what is left of the budget and from nobody who failed before.
   */
  replaceMachine,
  /** Waits for the user operation of `replaceMachine` and returns the placement with its new lease. */
  waitForReplacement,
  /**
   * Rents all machines of a plan by one user operation and returns its hash. If one of them cannot be had by then,
   * none is rented and nothing is paid for.
   */
  rentMachines,
  /** Waits for the user operation of `rentMachines` and returns its leases, in the plan's order. */
  waitForMachines,
}

/** What any client can do. */
export type PlacementReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type PlacementActions = PlacementReadActions & BoundActions<typeof writes>

export function placementReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): PlacementReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { placementActions } from '@worldland-aa/sdk/clients/placementActions'
 *
 * const client = smartAccountClient.extend(placementActions({ contracts }))
 * const placement = await client.planRental({ machines: 3, seconds: 3_600, spread: 'providers' })
 */
export function placementActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): PlacementActions => ({
    ...placementReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
