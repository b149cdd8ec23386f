// How much dearer an offer counts for what is known of it. Only what cannot be bought counts: faults and lapses stay on
// record for ever, completions can be had for gas (contracts/GAME.md).
import type { PlacementNeeds, PlacementWeights } from '../actions/placement/needs.ts'
import type { PlacementOffer } from '../actions/placement/placementOffer.ts'
import { isRegionAmong, regionKey } from './regionName.ts'

export const defaultWeights: PlacementWeights = {
  faultPercent: 25,
  lapsePercent: 5,
  otherRegionPercent: 10,
  roundTripPercent: 5,
}

/** `why` begins a sentence that ends with `counts as … % dearer`. */
export type Surcharge = { readonly percent: number; readonly why: string }

/** A record of thousands of faults is no worse than this. */
const mostPercent = 10_000

export function surchargesOf(offer: PlacementOffer, needs: PlacementNeeds): readonly Surcharge[] {
  const weights = { ...defaultWeights, ...needs.weights }
  const { faults, lapses } = offer.record
  const prefer = needs.regions?.prefer ?? []
  const isElsewhere = prefer.length > 0 && !isRegionAmong(offer.region, prefer)
  const milliseconds = roundTripOf(offer, needs) ?? 0
  const all = [
    { percent: faults * weights.faultPercent, why: counted(faults, 'fault') },
    { percent: lapses * weights.lapsePercent, why: counted(lapses, 'lapse') },
    { percent: isElsewhere ? weights.otherRegionPercent : 0, why: 'standing outside the preferred regions' },
    {
      percent: Math.floor((milliseconds * weights.roundTripPercent) / 100),
      why: `a way of ${milliseconds} ms`,
    },
  ]
  return all
    .filter(({ percent }) => percent > 0)
    .map(({ percent, why }) => ({ percent: Math.min(percent, mostPercent), why }))
}

export function roundTripOf(offer: PlacementOffer, { roundTrips = {} }: PlacementNeeds): number | undefined {
  return (
    find(roundTrips.providers, name => name.toLowerCase() === offer.provider.toLowerCase()) ??
    find(roundTrips.regions, name => regionKey(name) === regionKey(offer.region))
  )
}

function find(
  figures: Readonly<Record<string, number>> | undefined,
  isIt: (name: string) => boolean,
): number | undefined {
  return Object.entries(figures ?? {}).find(([name]) => isIt(name))?.[1]
}

function counted(count: number, what: string): string {
  return count === 1 ? `a ${what} on record` : `${count} ${what}s on record`
}
