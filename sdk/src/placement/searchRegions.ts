// Searches the market as a whole, or region by region where the machines are to stand together; and once more by price
// alone where the limits are so tight that the better ones led nowhere.
import { byWeight } from './candidateOrder.ts'
import type { Candidate } from './judgeOffer.ts'
import { narrowCandidates } from './narrowCandidates.ts'
import { type Found, type SearchResult, type SearchTask, searchPlacement } from './searchPlacement.ts'

export type RegionTask = SearchTask & { readonly isClose: boolean }

export function searchRegions(task: RegionTask): SearchResult {
  const result = searchEach(task)
  if (result.found !== undefined || result.isCertain) return result
  const cheapest = task.candidates
    .map(candidate => ({ ...candidate, weight: candidate.priceWei }))
    .toSorted(byWeight)
  return { ...searchEach({ ...task, candidates: cheapest }), isCertain: false }
}

function searchEach(task: RegionTask): SearchResult {
  let found: Found | undefined
  let isCertain = true
  let steps = 0
  for (const candidates of groupsOf(task)) {
    const kept = narrowCandidates(candidates, task)
    const maximumSteps = task.maximumSteps - steps
    const result = searchPlacement({ ...task, candidates: kept, maximumSteps }, found?.weight)
    found = result.found ?? found
    isCertain &&= result.isCertain
    steps += result.steps
  }
  return { found, isCertain, steps }
}

/** Within which of them a plan may lie. */
function groupsOf({ candidates, isClose, beside }: RegionTask): readonly (readonly Candidate[])[] {
  if (!isClose) return [candidates]
  const groups = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    const group = groups.get(candidate.region) ?? []
    group.push(candidate)
    groups.set(candidate.region, group)
  }
  const [standing] = beside
  if (standing !== undefined) return [groups.get(standing.region) ?? []]
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group)
}
