// Binds the actions of leases: whole machines by the second.
import type { Client } from 'viem'
import { askLeaseAccess } from '../actions/lease/askLeaseAccess.ts'
import { claimFault } from '../actions/lease/claimFault.ts'
import { expireLease } from '../actions/lease/expireLease.ts'
import { extendByRight } from '../actions/lease/extendByRight.ts'
import { extendLease } from '../actions/lease/extendLease.ts'
import { fundLease } from '../actions/lease/fundLease.ts'
import { getLease } from '../actions/lease/getLease.ts'
import { openLeaseAccess } from '../actions/lease/openLeaseAccess.ts'
import { pingProvider } from '../actions/lease/pingProvider.ts'
import { quoteRental } from '../actions/lease/quoteRental.ts'
import { rentInstance } from '../actions/lease/rentInstance.ts'
import { sealRentalRequest } from '../actions/lease/sealRentalRequest.ts'
import { stopLease } from '../actions/lease/stopLease.ts'
import { waitForAccess } from '../actions/lease/waitForAccess.ts'
import { waitForRental } from '../actions/lease/waitForRental.ts'
import { waitForSettlement } from '../actions/lease/waitForSettlement.ts'
import { watchLease } from '../actions/lease/watchLease.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = {
  /**
   * Asks the provider of a lease for the access to its machine, by a signature and without a transaction. It comes
   * sealed to a key that is made for this answer alone.
   */
  askLeaseAccess,
  /** Returns a lease: its state, its terms, and what it has cost so far. */
  getLease,
  /** Reads a lease's access and opens it. */
  openLeaseAccess,
  /**
   * Quotes a rental: GPU time and gas, its end included, in the token, and whether the account can pay for it. An
   * account that holds exactly `totalWei` can rent and stop.
   */
  quoteRental,
  /** Seals a request to the provider of an offer. */
  sealRentalRequest,
  /** Waits until the machine of a lease is ready and returns how to reach it. */
  waitForAccess,
  /**
   * Watches a lease: its state, its costs so far and its events, for every new block. Returns a function that ends
   * it.
   */
  watchLease,
}
const writes = {
  /** Opens a lease by one user operation and returns its hash. */
  rentInstance,
  /** Waits for the user operation of `rentInstance` and returns the lease that it opened. */
  waitForRental,
  /** Extends a lease by one user operation: approves the exact price and pays it into escrow. */
  extendLease,
  /**
   * Extends a lease through a right with the act `extend`, which the sender holds. `fundLease` pays the credit in
   * beforehand.
   */
  extendByRight,
  /**
   * Funds a lease: approves and pays the amount into its escrow, where it raises the root right's budget. Anybody
   * may do it; what is not used goes back to the lease's payer.
   */
  fundLease,
  /**
   * Pings the provider: it must answer within the market's `pongBlocks`, or `claimFault` ends the lease at the ping
   * and slashes its bond. The deposit goes to the provider if it answers, else it comes back.
   */
  pingProvider,
  /**
   * Claims a fault: the meter ends at the unanswered ping, the rest and the ping's deposit are refunded, and half
   * of the provider's bond goes to the payer.
   */
  claimFault,
  /** Stops a lease and settles it; before the machine is ready, that cancels it and refunds everything. */
  stopLease,
  /** Waits for the user operation of `stopLease` or `claimFault` and returns what was paid to whom. */
  waitForSettlement,
  /**
   * Expires a lease whose deadline block has passed: all of the escrow goes back to the payer. Anybody may do it.
   */
  expireLease,
}

/** What any client can do. */
export type LeaseReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type LeaseActions = LeaseReadActions & BoundActions<typeof writes>

export function leaseReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): LeaseReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { leaseActions } from '@worldland-aa/sdk/clients/leaseActions'
 *
 * const client = smartAccountClient.extend(leaseActions({ contracts }))
 * const hash = await client.rentInstance({ offerId: 1n, seconds: 3600 })
 */
export function leaseActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): LeaseActions => ({
    ...leaseReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
