// What is to be done to the offers on the chain so that they are those of the market file: by name, which stands in the
// offer's specification hash.

import type { Call } from '@worldland-aa/sdk/account/call'
import type { Offer } from '@worldland-aa/sdk/actions/market/offer'
import { parsePricePerHour } from '@worldland-aa/sdk/actions/market/pricePerHour'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { pauseOffer } from '@worldland-aa/sdk/provider/pauseOffer'
import { postOffer } from '@worldland-aa/sdk/provider/postOffer'
import { updateOffer } from '@worldland-aa/sdk/provider/updateOffer'
import { type Hex, keccak256, stringToHex } from 'viem'
import type { WantedOffer } from './marketSchema.ts'

export function specHashOf({ name }: Pick<WantedOffer, 'name'>): Hex {
  return keccak256(stringToHex(`worldland-provider offer ${name}`))
}

/** The one on the chain that sells it; fixed terms that differ make another offer of it. */
export function offerOf(wanted: WantedOffer, present: readonly Offer[]): Offer | undefined {
  return present
    .filter(offer => offer.specHash === specHashOf(wanted) && hasFixedTerms(offer, wanted))
    .sort((left, right) => Number(left.offerId - right.offerId))[0]
}

export function offerCalls(options: {
  readonly contracts: ComputeContracts
  readonly wanted: readonly WantedOffer[]
  /** All that this provider has posted. */
  readonly present: readonly Offer[]
  /** Nothing new is to be sold. */
  readonly isDraining: boolean
}): readonly Call[] {
  const { contracts, wanted, present, isDraining } = options
  const sold = wanted.map(offer => ({ offer, posted: offerOf(offer, present) }))
  const kept = new Set(sold.map(({ posted }) => posted?.offerId))
  const gone = present.filter(({ offerId, paused }) => !kept.has(offerId) && !paused)
  return [
    // What is no more must not be sold while the rest is on its way.
    ...gone.flatMap(({ offerId }) => pauseOffer.calls({ contracts, offerId })),
    ...sold.flatMap(({ offer, posted }) =>
      posted === undefined
        ? isDraining
          ? []
          : postOffer.calls({ ...termsOf(offer), contracts })
        : callsFor(posted, offer, { contracts, isDraining }),
    ),
  ]
}

function callsFor(
  posted: Offer,
  wanted: WantedOffer,
  { contracts, isDraining }: { readonly contracts: ComputeContracts; readonly isDraining: boolean },
): readonly Call[] {
  const { pricePerSecondWei, capacityUnits, minimumSeconds, maximumSeconds } = termsOf(wanted)
  const isSame =
    posted.pricePerSecondWei === pricePerSecondWei &&
    posted.capacityUnits === capacityUnits &&
    posted.minimumSeconds === minimumSeconds &&
    posted.maximumSeconds === maximumSeconds
  const { offerId } = posted
  const changes = { pricePerSecondWei, capacityUnits, minimumSeconds, maximumSeconds }
  return [
    ...(isSame ? [] : updateOffer.calls({ contracts, offer: posted, ...changes })),
    ...(posted.paused === isDraining ? [] : pauseOffer.calls({ contracts, offerId, paused: isDraining })),
  ]
}

function termsOf(offer: WantedOffer) {
  const { kind, gpuModel, vramGiB, region, capacityUnits, bondPerUnitWei, minimumSeconds, maximumSeconds } =
    offer
  return {
    ...{ kind, gpuModel, vramGiB, region, capacityUnits, bondPerUnitWei, minimumSeconds, maximumSeconds },
    gpuCount: offer.gpus,
    pricePerSecondWei: parsePricePerHour(offer.pricePerHour),
    specHash: specHashOf(offer),
  }
}

function hasFixedTerms(posted: Offer, wanted: WantedOffer): boolean {
  return (
    posted.kind === wanted.kind &&
    posted.gpuModel === wanted.gpuModel &&
    posted.gpuCount === wanted.gpus &&
    posted.vramGiB === wanted.vramGiB &&
    posted.region === wanted.region &&
    posted.bondPerUnitWei === wanted.bondPerUnitWei
  )
}
