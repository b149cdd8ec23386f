// Finds the machines whose weights add up to least within all limits: branch and bound over candidates, best first. It
// looks at no more than so many steps, whatever strangers offer, and says whether it has seen enough to be sure.
import type { Candidate } from './judgeOffer.ts'
import { createLowerBounds } from './lowerBounds.ts'
import { createRoom, type Room, type RoomLimits } from './room.ts'

export type SearchTask = RoomLimits & {
  /** Best first. */
  readonly candidates: readonly Candidate[]
  /** What the gains must add up to. */
  readonly target: number
  readonly maximumMachines: number
  /** Token wei a second for all together; undefined: any. */
  readonly spendableWei: bigint | undefined
  readonly maximumSteps: number
}

export type Found = { readonly chosen: readonly Candidate[]; readonly weight: bigint }
export type SearchResult = {
  readonly found: Found | undefined
  /** Whether nothing better can exist; without `found`, whether nothing can. */
  readonly isCertain: boolean
  readonly steps: number
}

/** `better`: only what weighs less is wanted. */
export function searchPlacement(task: SearchTask, better?: bigint): SearchResult {
  const { candidates, target, maximumMachines, spendableWei, maximumSteps } = task
  const room = createRoom(task)
  const bounds = createLowerBounds(task, room)
  const taken: Candidate[] = []
  let best: Found | undefined
  let least = better
  let isCut = false

  function descend(start: number, missing: number, weight: bigint, priceWei: bigint): void {
    if (missing <= 0) {
      // The bound counts parts of machines: the whole one may be too much.
      if (least !== undefined && weight >= least) return
      best = { chosen: [...taken], weight }
      least = weight
      return
    }
    if (taken.length >= maximumMachines) return
    for (let index = start; index < candidates.length; index++) {
      if (bounds.steps() > maximumSteps) {
        isCut = true
        return
      }
      const candidate = candidates[index] as Candidate
      bounds.count()
      if (!room.fits(candidate)) continue
      const weightLeft = bounds.weightFrom(index, missing)
      // What comes after weighs no less.
      if (weightLeft === undefined || (least !== undefined && weight + weightLeft >= least)) return
      if (spendableWei !== undefined) {
        const priceLeft = bounds.priceFrom(index, missing)
        if (priceLeft === undefined || priceWei + priceLeft > spendableWei) return
        if (priceWei + candidate.priceWei > spendableWei) continue
      }
      room.take(candidate)
      taken.push(candidate)
      descend(index, missing - candidate.gain, weight + candidate.weight, priceWei + candidate.priceWei)
      taken.pop()
      room.giveBack(candidate)
    }
  }

  best = greedy(task, createRoom(task))
  if (best !== undefined && (least === undefined || best.weight < least)) least = best.weight
  else best = undefined
  descend(0, target, 0n, 0n)
  return { found: best, isCertain: !isCut, steps: bounds.steps() }
}

/** One walk over the candidates, which a market of any size has time for: a beginning, and often all there is to find. */
function greedy(
  { candidates, target, maximumMachines, spendableWei }: SearchTask,
  room: Room,
): Found | undefined {
  const chosen: Candidate[] = []
  let [missing, weight, priceWei] = [target, 0n, 0n]
  for (const candidate of candidates) {
    while (missing > 0 && chosen.length < maximumMachines && room.fits(candidate)) {
      if (spendableWei !== undefined && priceWei + candidate.priceWei > spendableWei) break
      room.take(candidate)
      chosen.push(candidate)
      missing -= candidate.gain
      weight += candidate.weight
      priceWei += candidate.priceWei
    }
  }
  return missing > 0 ? undefined : { chosen, weight }
}
