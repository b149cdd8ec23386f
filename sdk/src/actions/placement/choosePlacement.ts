// Chooses machines out of offers: a pure function of offers and needs, whatever order the offers come in.
import { byPrice, byWeight } from '../../placement/candidateOrder.ts'
import { explainNotTaken, explainTaken } from '../../placement/explainChoice.ts'
import { explainShortage } from '../../placement/explainShortage.ts'
import { type Candidate, judgeOffer } from '../../placement/judgeOffer.ts'
import { regionKey } from '../../placement/regionName.ts'
import { searchRegions } from '../../placement/searchRegions.ts'
import { checkNeeds, mostMachines, type PlacementNeeds } from './needs.ts'
import type { PlacementOffer } from './placementOffer.ts'
import type { OfferNotTaken, Placement, PlacementPlan, PlannedMachine } from './plan.ts'

export type ChoosePlacementOptions = {
  /** Machines that stand already and count towards spread and limits. Default: none. */
  readonly beside?: readonly { readonly provider: string; readonly region: string }[] | undefined
  /** Machines that a plan may have at most. Default: those needed, or 64 for `gpus`. */
  readonly maximumMachines?: number | undefined
  /** How long to search, in candidates looked at. Default: 500,000, a second or two. */
  readonly maximumSteps?: number | undefined
}

/**
 * Chooses machines of one or several providers that fit the needs and weigh least together: their price, and what their
 * providers' records, their regions and round trips add to it. Exact where it can look at all that may be better, good
 * and marked so (`isBest: false`) otherwise.
 *
 * @example
 * import { choosePlacement } from '@worldland-aa/sdk/actions/placement/choosePlacement'
 *
 * const placement = choosePlacement(offers, { machines: 3, seconds: 3_600, gpuModels: ['4090'], spread: 'providers' })
 * console.log(placement.ok ? placement.plan.maximumCostWei : placement.problem)
 */
export function choosePlacement(
  offers: readonly PlacementOffer[],
  needs: PlacementNeeds,
  options: ChoosePlacementOptions = {},
): Placement {
  checkNeeds(needs)
  const candidates: Candidate[] = []
  const refused: OfferNotTaken[] = []
  for (const offer of inOrder(offers)) {
    const judgement = judgeOffer(offer, needs)
    if (judgement.fits) candidates.push(judgement.candidate)
    else refused.push(notTaken(offer, judgement.code, judgement.sentence))
  }
  candidates.sort(byWeight)
  const task = taskOf(candidates, needs, options)
  const { found, isCertain } = searchRegions(task)
  if (found === undefined) {
    const rest = candidates.map(({ offer }) => notTaken(offer, 'rest', 'it fits, and no whole plan does'))
    return {
      ok: false,
      ...explainShortage(task, { needs, refused, isCertain }),
      notTaken: inOrder([...refused, ...rest]),
    }
  }
  const chosen = found.chosen.toSorted(byPrice)
  const taken = new Set(chosen.map(({ offer }) => offer.offerId))
  const rest = candidates
    .filter(({ offer }) => !taken.has(offer.offerId))
    .map(candidate => ({ ...offerOf(candidate), ...explainNotTaken(candidate, { chosen, needs, task }) }))
  return {
    ok: true,
    plan: toPlan(chosen, candidates, needs, isCertain),
    notTaken: inOrder([...refused, ...rest]),
  }
}

function taskOf(candidates: readonly Candidate[], needs: PlacementNeeds, options: ChoosePlacementOptions) {
  const { spread, budgetWei, seconds } = needs
  const { beside = [], maximumSteps = 500_000 } = options
  const limit = (most: number | undefined, isOne: boolean) => (isOne ? 1 : (most ?? Number.POSITIVE_INFINITY))
  return {
    candidates,
    target: needs.machines ?? needs.gpus ?? 0,
    maximumMachines: options.maximumMachines ?? needs.machines ?? mostMachines,
    maximumPerProvider: limit(needs.maximumPerProvider, spread === 'providers'),
    maximumPerRegion: limit(needs.maximumPerRegion, spread === 'regions'),
    isClose: spread === 'close',
    beside: beside.map(({ provider, region }) => ({
      provider: provider.toLowerCase(),
      region: regionKey(region),
    })),
    spendableWei: budgetWei === undefined ? undefined : budgetWei / BigInt(seconds),
    maximumSteps,
  }
}

function toPlan(
  chosen: readonly Candidate[],
  candidates: readonly Candidate[],
  needs: PlacementNeeds,
  isBest: boolean,
): PlacementPlan {
  const { seconds, unitsPerMachine = 1 } = needs
  const machines = chosen.map((candidate): PlannedMachine => {
    const { offer, priceWei } = candidate
    return {
      offerId: offer.offerId,
      provider: offer.provider,
      region: offer.region,
      gpuModel: offer.gpuModel,
      gpus: offer.gpuCount * unitsPerMachine,
      vramGiB: offer.vramGiB,
      units: unitsPerMachine,
      pricePerSecondWei: offer.pricePerSecondWei,
      seconds,
      maximumCostWei: priceWei * BigInt(seconds),
      why: explainTaken(candidate, candidates, needs),
    }
  })
  const priceWei = chosen.reduce((sum, candidate) => sum + candidate.priceWei, 0n)
  const maximumCostWei = priceWei * BigInt(seconds)
  return {
    needs,
    machines,
    pricePerHourWei: priceWei * 3_600n,
    maximumCostWei,
    budgetWei: needs.budgetWei ?? maximumCostWei,
    isBest,
  }
}

function notTaken(offer: PlacementOffer, code: OfferNotTaken['code'], why: string): OfferNotTaken {
  return { offerId: offer.offerId, provider: offer.provider, code, why }
}

function offerOf({ offer }: Candidate): Pick<OfferNotTaken, 'offerId' | 'provider'> {
  return { offerId: offer.offerId, provider: offer.provider }
}

function inOrder<Named extends { readonly offerId: bigint }>(offers: readonly Named[]): readonly Named[] {
  return offers.toSorted((left, right) => (left.offerId < right.offerId ? -1 : 1))
}
