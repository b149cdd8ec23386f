// What is left while machines are being chosen: of each offer, provider and region, and of each provider's bond, which
// all of its offers share.
import type { Candidate } from './judgeOffer.ts'

/** Machines that count towards the limits already: a plan in which one is to be replaced. */
export type Standing = { readonly provider: string; readonly region: string }

export type RoomLimits = {
  readonly maximumPerProvider: number
  readonly maximumPerRegion: number
  readonly beside: readonly Standing[]
}

export type Room = {
  readonly fits: (candidate: Candidate) => boolean
  readonly take: (candidate: Candidate) => void
  readonly giveBack: (candidate: Candidate) => void
  /** Machines of this candidate that could be taken, if no other were. */
  readonly machinesOf: (candidate: Candidate) => number
  readonly ofProvider: (candidate: Candidate) => number
  readonly inRegion: (candidate: Candidate) => number
}

export function createRoom({ maximumPerProvider, maximumPerRegion, beside }: RoomLimits): Room {
  const offers = new Map<bigint, number>()
  const providers = countBy(beside.map(({ provider }) => provider))
  const regions = countBy(beside.map(({ region }) => region))
  const bonds = new Map<string, bigint>()

  const ofProvider = ({ provider }: Candidate) => maximumPerProvider - (providers.get(provider) ?? 0)
  const inRegion = ({ region }: Candidate) => maximumPerRegion - (regions.get(region) ?? 0)
  const backed = ({ offer, provider, bondWei }: Candidate) => {
    if (bondWei === 0n) return Number.POSITIVE_INFINITY
    return Number((offer.availableBondWei - (bonds.get(provider) ?? 0n)) / bondWei)
  }
  const ofOffer = ({ offer, capacity }: Candidate) => capacity - (offers.get(offer.offerId) ?? 0)
  const machinesOf = (candidate: Candidate) =>
    Math.min(ofOffer(candidate), ofProvider(candidate), inRegion(candidate), backed(candidate))

  const add = ({ offer, provider, region, bondWei }: Candidate, machines: 1 | -1) => {
    offers.set(offer.offerId, (offers.get(offer.offerId) ?? 0) + machines)
    providers.set(provider, (providers.get(provider) ?? 0) + machines)
    regions.set(region, (regions.get(region) ?? 0) + machines)
    bonds.set(provider, (bonds.get(provider) ?? 0n) + bondWei * BigInt(machines))
  }
  return {
    fits: candidate => machinesOf(candidate) >= 1,
    take: candidate => add(candidate, 1),
    giveBack: candidate => add(candidate, -1),
    machinesOf,
    ofProvider,
    inRegion,
  }
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
