// Judges one offer by itself: what it would count for in a plan, or the first reason why it cannot be taken.
import type { Address } from 'viem'
import { formatPricePerHour } from '../actions/market/pricePerHour.ts'
import type { PlacementNeeds } from '../actions/placement/needs.ts'
import type { PlacementOffer } from '../actions/placement/placementOffer.ts'
import type { RefusalCode } from '../actions/placement/plan.ts'
import { bondProblem } from './bondProblem.ts'
import { printable } from './printable.ts'
import { isRegionAmong, regionKey } from './regionName.ts'
import { roundTripOf, surchargesOf } from './surcharges.ts'

/** One machine of an offer, as many times as it is free. */
export type Candidate = {
  readonly offer: PlacementOffer
  /** In small letters, as `region` is: to compare by. */
  readonly provider: string
  readonly region: string
  /** What one machine brings towards what is needed: 1, or its GPUs. */
  readonly gain: number
  /** Machines that are free now. */
  readonly capacity: number
  /** Token wei a second for one machine. */
  readonly priceWei: bigint
  /** Token wei of the provider's bond behind one machine. */
  readonly bondWei: bigint
  /** The price with what its record, region and round trip add: smaller is better. */
  readonly weight: bigint
}

export type Judgement =
  | { readonly fits: true; readonly candidate: Candidate }
  | { readonly fits: false; readonly code: RefusalCode; readonly sentence: string }

export function judgeOffer(offer: PlacementOffer, needs: PlacementNeeds): Judgement {
  const refusal =
    modelRefusal(offer, needs) ??
    regionRefusal(offer, needs) ??
    priceRefusal(offer, needs) ??
    roundTripRefusal(offer, needs) ??
    recordRefusal(offer, needs) ??
    capacityRefusal(offer, needs)
  if (refusal !== undefined) return { fits: false, code: refusal[0], sentence: refusal[1] }
  return { fits: true, candidate: toCandidate(offer, needs) }
}

function toCandidate(offer: PlacementOffer, needs: PlacementNeeds): Candidate {
  const { unitsPerMachine = 1 } = needs
  const units = BigInt(unitsPerMachine)
  const priceWei = offer.pricePerSecondWei * units
  const percent = surchargesOf(offer, needs).reduce((sum, surcharge) => sum + surcharge.percent, 100)
  return {
    offer,
    provider: offer.provider.toLowerCase(),
    region: regionKey(offer.region),
    gain: needs.gpus === undefined ? 1 : offer.gpuCount * unitsPerMachine,
    capacity: Math.floor(offer.freeUnits / unitsPerMachine),
    priceWei,
    bondWei: offer.bondPerUnitWei * units,
    weight: priceWei * BigInt(percent),
  }
}

type Refusal = readonly [RefusalCode, string] | undefined

function modelRefusal(offer: PlacementOffer, needs: PlacementNeeds): Refusal {
  const { gpuModels = [], minimumVramGiB = 0, denyProviders = [] } = needs
  if (denyProviders.some(denied => isSameAddress(denied, offer.provider))) {
    return ['denied', 'its provider is on the list of those not to be taken']
  }
  const model = offer.gpuModel.toLowerCase()
  if (gpuModels.length > 0 && !gpuModels.some(wanted => model.includes(wanted.toLowerCase()))) {
    return ['model', `its GPU is another one, ${printable(offer.gpuModel)}`]
  }
  if (offer.vramGiB < minimumVramGiB) {
    return ['memory', `its GPU has ${offer.vramGiB} GiB, and ${minimumVramGiB} are needed`]
  }
  if (needs.gpus !== undefined && offer.gpuCount === 0) return ['model', 'it has no GPU']
  return undefined
}

function regionRefusal({ region }: PlacementOffer, { regions = {} }: PlacementNeeds): Refusal {
  const { allow = [], deny = [] } = regions
  if (isRegionAmong(region, deny)) return ['region', `${printable(region)} is a region not to be taken`]
  if (allow.length > 0 && !isRegionAmong(region, allow)) {
    return ['region', `it stands in ${printable(region)}, which is not among the regions allowed`]
  }
  return undefined
}

function priceRefusal(offer: PlacementOffer, needs: PlacementNeeds): Refusal {
  const { seconds, unitsPerMachine = 1, maximumPricePerHourWei } = needs
  if (seconds < offer.minimumSeconds || seconds > offer.maximumSeconds) {
    return ['duration', `it is rented for ${offer.minimumSeconds} to ${offer.maximumSeconds} seconds`]
  }
  const priceWei = offer.pricePerSecondWei * BigInt(unitsPerMachine)
  if (maximumPricePerHourWei !== undefined && priceWei * 3_600n > maximumPricePerHourWei) {
    return [
      'price',
      `it costs ${formatPricePerHour(priceWei, { decimals: 6 })} tokens an hour, above the limit`,
    ]
  }
  return undefined
}

function roundTripRefusal(offer: PlacementOffer, needs: PlacementNeeds): Refusal {
  const maximum = needs.roundTrips?.maximumMilliseconds
  if (maximum === undefined) return undefined
  const milliseconds = roundTripOf(offer, needs)
  if (milliseconds === undefined) {
    return ['roundTrip', 'nobody has measured the way to it, and there is a limit for that']
  }
  return milliseconds > maximum
    ? ['roundTrip', `the way to it and back takes ${milliseconds} ms, and ${maximum} are the limit`]
    : undefined
}

function recordRefusal(offer: PlacementOffer, needs: PlacementNeeds): Refusal {
  const { faults, lapses } = offer.record
  const { maximumFaults = faults, maximumLapses = lapses } = needs
  if (faults > maximumFaults) return ['record', `its provider has ${faults} faults on record`]
  if (lapses > maximumLapses) return ['record', `its provider has ${lapses} lapses on record`]
  const problem = bondProblem(offer, needs.minimumBondSeconds)
  return problem === undefined ? undefined : ['bond', problem]
}

function capacityRefusal(offer: PlacementOffer, { unitsPerMachine = 1 }: PlacementNeeds): Refusal {
  if (offer.paused) return ['capacity', 'it is paused']
  if (offer.freeUnits >= unitsPerMachine) return undefined
  return ['capacity', `${offer.freeUnits} of its units are free, and a machine takes ${unitsPerMachine}`]
}

function isSameAddress(left: Address, right: Address): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
