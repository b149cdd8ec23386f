// Offers of few figures, and a search through every combination of them, written from the needs' own words and from
// nothing of the search that it judges.
import { type Address, numberToHex, zeroAddress, zeroHash } from 'viem'
import type { PlacementNeeds } from '../../actions/placement/needs.ts'
import type { PlacementOffer } from '../../actions/placement/placementOffer.ts'
import { surchargesOf } from '../surcharges.ts'

export type OfferFigures = {
  readonly offerId: bigint
  readonly provider: number
  readonly region?: string
  readonly price?: bigint
  readonly free?: number
  readonly gpuCount?: number
  readonly gpuModel?: string
  /** Behind one unit. */
  readonly bond?: bigint
  readonly availableBond?: bigint
  readonly faults?: number
  readonly lapses?: number
  readonly completed?: number
}

export function providerAt(index: number): Address {
  return numberToHex(index, { size: 20 })
}

export function placementOffer(figures: OfferFigures): PlacementOffer {
  const { offerId, provider, region = 'KR-Seoul', price = 1n, free = 1, bond = 1_000n } = figures
  const { faults = 0, lapses = 0, completed = 0, availableBond = 1_000_000n } = figures
  return {
    offerId,
    provider: providerAt(provider),
    market: zeroAddress,
    kind: 'instance',
    gpuModel: figures.gpuModel ?? 'Test 4090',
    gpuCount: figures.gpuCount ?? 1,
    vramGiB: 24,
    region,
    pricePerSecondWei: price,
    bondPerUnitWei: bond,
    capacityUnits: free,
    freeUnits: free,
    minimumSeconds: 1,
    maximumSeconds: 86_400,
    paused: false,
    specHash: zeroHash,
    uri: '',
    record: { completed, lapses, faults },
    availableBondWei: availableBond,
  }
}

/** The least weight of all plans; undefined: there is none. */
export function bruteForce(offers: readonly PlacementOffer[], needs: PlacementNeeds): bigint | undefined {
  let best: bigint | undefined
  const most = needs.machines ?? needs.gpus ?? 0
  const tryFrom = (start: number, chosen: readonly bigint[]): void => {
    if (isWithinLimits(chosen, offers, needs)) {
      const weight = chosen.reduce((sum, id) => sum + weightOf(find(offers, id), needs), 0n)
      if (best === undefined || weight < best) best = weight
    }
    if (chosen.length === most) return
    for (let index = start; index < offers.length; index++) {
      tryFrom(index, [...chosen, (offers[index] as PlacementOffer).offerId])
    }
  }
  tryFrom(0, [])
  return best
}

/** Whether these offers, one for each machine, are a plan. */
export function isWithinLimits(
  chosen: readonly bigint[],
  offers: readonly PlacementOffer[],
  needs: PlacementNeeds,
): boolean {
  const { unitsPerMachine: units = 1, spread, seconds, budgetWei, maximumPricePerHourWei } = needs
  const machines = chosen.map(id => find(offers, id))
  const gpus = machines.reduce((sum, { gpuCount }) => sum + gpuCount * units, 0)
  if (needs.machines === undefined ? gpus < (needs.gpus ?? 0) : machines.length !== needs.machines)
    return false
  const perProvider = most(machines.map(({ provider }) => provider))
  const perRegion = most(machines.map(({ region }) => region))
  if (spread === 'providers' && perProvider > 1) return false
  if (spread === 'regions' && perRegion > 1) return false
  if (spread === 'close' && perRegion < machines.length) return false
  if (spread !== 'providers' && perProvider > (needs.maximumPerProvider ?? perProvider)) return false
  if (spread !== 'regions' && perRegion > (needs.maximumPerRegion ?? perRegion)) return false
  const costWei = (offer: PlacementOffer, time: number) =>
    offer.pricePerSecondWei * BigInt(units) * BigInt(time)
  if (machines.some(offer => costWei(offer, 3_600) > (maximumPricePerHourWei ?? 1n << 200n))) return false
  const totalWei = machines.reduce((sum, offer) => sum + costWei(offer, seconds), 0n)
  if (budgetWei !== undefined && totalWei > budgetWei) return false
  return machines.every(({ offerId, freeUnits, provider, availableBondWei }) => {
    const sameOffer = machines.filter(other => other.offerId === offerId).length
    const lockedWei = machines
      .filter(other => other.provider === provider)
      .reduce((sum, { bondPerUnitWei }) => sum + bondPerUnitWei * BigInt(units), 0n)
    return sameOffer * units <= freeUnits && lockedWei <= availableBondWei
  })
}

function weightOf(offer: PlacementOffer, needs: PlacementNeeds): bigint {
  const percent = surchargesOf(offer, needs).reduce((sum, surcharge) => sum + surcharge.percent, 100)
  return offer.pricePerSecondWei * BigInt(needs.unitsPerMachine ?? 1) * BigInt(percent)
}

function find(offers: readonly PlacementOffer[], offerId: bigint): PlacementOffer {
  const offer = offers.find(other => other.offerId === offerId)
  if (offer === undefined) throw new Error(`There is no offer ${offerId}`)
  return offer
}

function most(names: readonly string[]): number {
  return Math.max(0, ...names.map(name => names.filter(other => other === name).length))
}
