// Binds the market's actions to a client: `client.extend(computeActions({ contracts }))`.
import type { Client } from 'viem'
import {
  type ClaimFaultParameters,
  type ClaimFaultReturnType,
  claimFault,
} from '../actions/lease/claimFault.ts'
import {
  type ExtendLeaseParameters,
  type ExtendLeaseReturnType,
  extendLease,
} from '../actions/lease/extendLease.ts'
import { type GetLeaseParameters, type GetLeaseReturnType, getLease } from '../actions/lease/getLease.ts'
import {
  type PingProviderParameters,
  type PingProviderReturnType,
  pingProvider,
} from '../actions/lease/pingProvider.ts'
import {
  type QuoteRentalParameters,
  type QuoteRentalReturnType,
  quoteRental,
} from '../actions/lease/quoteRental.ts'
import {
  type RentInstanceParameters,
  type RentInstanceReturnType,
  rentInstance,
} from '../actions/lease/rentInstance.ts'
import { type StopLeaseParameters, type StopLeaseReturnType, stopLease } from '../actions/lease/stopLease.ts'
import {
  type WaitForRentalParameters,
  type WaitForRentalReturnType,
  waitForRental,
} from '../actions/lease/waitForRental.ts'
import {
  type WaitForSettlementParameters,
  type WaitForSettlementReturnType,
  waitForSettlement,
} from '../actions/lease/waitForSettlement.ts'
import {
  type WatchLeaseParameters,
  type WatchLeaseReturnType,
  watchLease,
} from '../actions/lease/watchLease.ts'
import {
  type FindOffersParameters,
  type FindOffersReturnType,
  findOffers,
} from '../actions/market/findOffers.ts'
import { type GetOfferParameters, type GetOfferReturnType, getOffer } from '../actions/market/getOffer.ts'
import {
  type WaitForUserOperationParameters,
  type WaitForUserOperationReturnType,
  waitForUserOperation,
} from '../actions/operation/waitForUserOperation.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

type Bound<Parameters> = Omit<Parameters, 'contracts'>

/** What any client can do. */
export type ComputeReadActions = {
  findOffers: (parameters?: Bound<FindOffersParameters>) => Promise<FindOffersReturnType>
  getLease: (parameters: Bound<GetLeaseParameters>) => Promise<GetLeaseReturnType>
  getOffer: (parameters: Bound<GetOfferParameters>) => Promise<GetOfferReturnType>
  quoteRental: (parameters: Bound<QuoteRentalParameters>) => Promise<QuoteRentalReturnType>
  watchLease: (parameters: Bound<WatchLeaseParameters>) => WatchLeaseReturnType
}

/** What a smart account's client can do besides. */
export type ComputeWriteActions = {
  claimFault: (parameters: Bound<ClaimFaultParameters>) => Promise<ClaimFaultReturnType>
  extendLease: (parameters: Bound<ExtendLeaseParameters>) => Promise<ExtendLeaseReturnType>
  pingProvider: (parameters: Bound<PingProviderParameters>) => Promise<PingProviderReturnType>
  rentInstance: (parameters: Bound<RentInstanceParameters>) => Promise<RentInstanceReturnType>
  stopLease: (parameters: Bound<StopLeaseParameters>) => Promise<StopLeaseReturnType>
  waitForRental: (parameters: Bound<WaitForRentalParameters>) => Promise<WaitForRentalReturnType>
  waitForSettlement: (parameters: Bound<WaitForSettlementParameters>) => Promise<WaitForSettlementReturnType>
  waitForUserOperation: (
    parameters: WaitForUserOperationParameters,
  ) => Promise<WaitForUserOperationReturnType>
}

/**
 * Decorator with the reading actions, for any viem client.
 *
 * @example
 * import { computeReadActions } from '@worldland-aa/sdk/clients/computeActions'
 *
 * const client = publicClient.extend(computeReadActions({ contracts }))
 * const offers = await client.findOffers({ gpuModel: 'H100' })
 */
export function computeReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): ComputeReadActions => ({
    findOffers: parameters => findOffers(client as Client, { ...parameters, contracts }),
    getLease: parameters => getLease(client as Client, { ...parameters, contracts }),
    getOffer: parameters => getOffer(client as Client, { ...parameters, contracts }),
    quoteRental: parameters => quoteRental(client, { ...parameters, contracts }),
    watchLease: parameters => watchLease(client, { ...parameters, contracts }),
  })
}

/**
 * Decorator with all actions, for a smart account's client: viem's bundler client, permissionless's smart
 * account client, or any other that serves `sendUserOperation`.
 *
 * @example
 * import { computeActions } from '@worldland-aa/sdk/clients/computeActions'
 *
 * const client = smartAccountClient.extend(computeActions({ contracts }))
 * const hash = await client.rentInstance({ offerId: 1n, seconds: 3600 })
 */
export function computeActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): ComputeReadActions & ComputeWriteActions => ({
    ...computeReadActions({ contracts })(client),
    claimFault: parameters => claimFault(client, { ...parameters, contracts }),
    extendLease: parameters => extendLease(client, { ...parameters, contracts }),
    pingProvider: parameters => pingProvider(client, { ...parameters, contracts }),
    rentInstance: parameters => rentInstance(client, { ...parameters, contracts }),
    stopLease: parameters => stopLease(client, { ...parameters, contracts }),
    waitForRental: parameters => waitForRental(client, { ...parameters, contracts }),
    waitForSettlement: parameters => waitForSettlement(client, { ...parameters, contracts }),
    waitForUserOperation: parameters => waitForUserOperation(client, parameters),
  })
}
