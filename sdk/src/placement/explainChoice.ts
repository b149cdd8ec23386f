// Says in plain words why an offer was taken, or was not though it fits.
import { formatPricePerHour } from '../actions/market/pricePerHour.ts'
import type { PlacementNeeds } from '../actions/placement/needs.ts'
import type { RefusalCode } from '../actions/placement/plan.ts'
import type { Candidate } from './judgeOffer.ts'
import { printable } from './printable.ts'
import type { RegionTask } from './searchRegions.ts'
import { surchargesOf } from './surcharges.ts'

/** `candidates`: all that fit, best first. */
export function explainTaken(
  candidate: Candidate,
  candidates: readonly Candidate[],
  needs: PlacementNeeds,
): string {
  const better = candidates.filter(other => weighsLess(other, candidate)).length
  const place = better === 0 ? 'the best' : `number ${better + 1}`
  const said = surchargesOf(candidate.offer, needs).map(
    ({ why, percent }) => `${why} counts as ${percent} % dearer`,
  )
  const among =
    candidates.length === 1 ? 'the only offer that fits' : `${place} of ${candidates.length} offers that fit`
  return [`${among}, at ${hourly(candidate)} tokens an hour`, ...said].join('; ')
}

export function explainNotTaken(
  candidate: Candidate,
  { chosen, needs, task }: { chosen: readonly Candidate[]; needs: PlacementNeeds; task: RegionTask },
): { readonly code: RefusalCode; readonly why: string } {
  const first = chosen[0]
  if (task.isClose && first !== undefined && first.region !== candidate.region) {
    return { code: 'spread', why: `the machines stand together in ${printable(first.offer.region)}` }
  }
  if (chosen.every(other => !weighsLess(candidate, other))) {
    const dearest = chosen.reduce((worst, other) => (weighsLess(worst, other) ? other : worst), candidate)
    return { code: 'dearer', why: dearer(candidate, first ?? dearest, needs) }
  }
  const standing = [...chosen, ...task.beside]
  const ofProvider = standing.filter(({ provider }) => provider === candidate.provider).length
  if (ofProvider >= task.maximumPerProvider) {
    return {
      code: 'spread',
      why: `its provider has ${ofProvider} of the machines already, and may have no more`,
    }
  }
  const inRegion = standing.filter(({ region }) => region === candidate.region).length
  if (inRegion >= task.maximumPerRegion) {
    return { code: 'spread', why: `${inRegion} of the machines stand in its region already, and no more may` }
  }
  return { code: 'rest', why: 'it does not go with the rest of a plan that keeps all limits' }
}

function dearer(candidate: Candidate, taken: Candidate, needs: PlacementNeeds): string {
  const said = surchargesOf(candidate.offer, needs).map(
    ({ why, percent }) => `${why} counts as ${percent} % more`,
  )
  const prices = `it costs ${hourly(candidate)} tokens an hour, and others from ${hourly(taken)} on suffice`
  return [prices, ...said].join('; ')
}

function hourly({ priceWei }: Candidate): string {
  return formatPricePerHour(priceWei, { decimals: 6 })
}

/** For what it brings. */
function weighsLess(left: Candidate, right: Candidate): boolean {
  return left.weight * BigInt(right.gain) < right.weight * BigInt(left.gain)
}
