// Binds the actions of leases: whole machines by the second.
import type { Client } from 'viem'
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

const reads = { getLease, openLeaseAccess, quoteRental, sealRentalRequest, waitForAccess, watchLease }
const writes = {
  rentInstance,
  waitForRental,
  extendLease,
  extendByRight,
  fundLease,
  pingProvider,
  claimFault,
  stopLease,
  waitForSettlement,
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
