// A provider changes what may change of an offer: price, durations, capacity, URI. Running leases keep
// theirs.
import type { Client, ReadContractErrorType } from 'viem'
import * as offerBook from '../abi/offerBook.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import { getOffer } from '../actions/market/getOffer.ts'
import { type Offer, offerKinds } from '../actions/market/offer.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

/** What is not given stays as it is. */
export type OfferChanges = {
  /** Token wei for one unit and second. */
  readonly pricePerSecondWei?: bigint | undefined
  /** May fall below what is rented: then none is free. */
  readonly capacityUnits?: number | undefined
  readonly minimumSeconds?: number | undefined
  readonly maximumSeconds?: number | undefined
  /** At most 512 bytes. */
  readonly uri?: string | undefined
}
export type UpdateOfferParameters = WithContracts & OfferChanges & { readonly offerId: bigint }
export type UpdateOfferReturnType = SendCallsReturnType
export type UpdateOfferErrorType = ReadContractErrorType | SendCallsErrorType

/**
 * Updates an offer of the client's account. The machine, its bond and its market never change: post a new
 * offer.
 *
 * @example
 * import { parseEther } from 'viem'
 * import { updateOffer } from '@worldland-aa/sdk/provider/updateOffer'
 *
 * await updateOffer(walletClient, { contracts, offerId: 1n, pricePerSecondWei: parseEther('0.4') / 3600n })
 */
export async function updateOffer(
  client: AccountClient,
  parameters: UpdateOfferParameters,
): Promise<UpdateOfferReturnType> {
  const { contracts, offerId } = parameters
  const offer = await getOffer(client as Client, { contracts, offerId })
  return await sendCalls(client, { contracts, calls: updateOffer.calls({ ...parameters, offer }) })
}

/** The calls alone, for a batch of one's own; the contract wants the fixed terms repeated. */
updateOffer.calls = (
  parameters: WithContracts & OfferChanges & { readonly offer: Offer },
): readonly Call[] => {
  const { contracts, offer } = parameters
  const terms = {
    market: offer.market,
    kind: offerKinds.indexOf(offer.kind),
    capacityUnits: parameters.capacityUnits ?? offer.capacityUnits,
    gpuCount: offer.gpuCount,
    pricePerSecondWei: parameters.pricePerSecondWei ?? offer.pricePerSecondWei,
    bondPerUnitWei: offer.bondPerUnitWei,
    minSeconds: parameters.minimumSeconds ?? offer.minimumSeconds,
    maxSeconds: parameters.maximumSeconds ?? offer.maximumSeconds,
    vramGiB: offer.vramGiB,
    specHash: offer.specHash,
    gpuModel: offer.gpuModel,
    region: offer.region,
    uri: parameters.uri ?? offer.uri,
  }
  return [
    toCall(contracts.offerBook, {
      abi: [offerBook.updateOffer],
      functionName: 'updateOffer',
      args: [offer.offerId, terms],
    }),
  ]
}
