// Says why no plan fits the needs, and what to give up so that one does.
import { formatEther } from 'viem'
import type { PlacementNeeds } from '../actions/placement/needs.ts'
import type { OfferNotTaken, RefusalCode } from '../actions/placement/plan.ts'
import { byWeight } from './candidateOrder.ts'
import { type RegionTask, searchRegions } from './searchRegions.ts'

const remedies: Readonly<Record<RefusalCode, string>> = {
  denied: 'Take a provider off the list, or wait for new ones.',
  model: 'Name another model, or none.',
  memory: 'Ask for less memory.',
  region: 'Allow more regions.',
  duration: 'Rent for another time.',
  price: 'Raise the limit for an hour.',
  roundTrip: 'Measure more of the ways, or raise the limit.',
  record: 'Allow for more faults and lapses.',
  bond: 'Ask for less of a bond, and pay only as far as you trust.',
  capacity: 'Wait until machines are free, or ask for fewer.',
  spread: 'Let more machines stand together.',
  dearer: 'Ask again.',
  rest: 'Ask again.',
}

type Shortage = { readonly problem: string; readonly remedy: string }

export function explainShortage(
  task: RegionTask,
  {
    needs,
    refused,
    isCertain,
  }: { needs: PlacementNeeds; refused: readonly OfferNotTaken[]; isCertain: boolean },
): Shortage {
  const wanted = needs.machines === undefined ? `${needs.gpus} GPUs` : counted(needs.machines, 'machine')
  if (task.candidates.length === 0) return noneFits(refused)
  const cheapest = task.candidates
    .map(candidate => ({ ...candidate, weight: candidate.priceWei }))
    .toSorted(byWeight)
  const unlimited = { ...task, candidates: cheapest, spendableWei: undefined }
  const withoutBudget = needs.budgetWei === undefined ? undefined : searchRegions(unlimited).found
  if (needs.budgetWei !== undefined && withoutBudget !== undefined) {
    const costWei = withoutBudget.weight * BigInt(needs.seconds)
    return {
      problem: `The cheapest plan for ${wanted} costs ${formatEther(costWei)} tokens, above the budget of ${formatEther(needs.budgetWei)}.`,
      remedy:
        'Raise the budget, ask for less time or fewer machines, or let the limits go that make it dear.',
    }
  }
  if (!isCertain) {
    return {
      problem: `No plan for ${wanted} was found, though not every combination of the offers was looked at.`,
      remedy: 'Let a limit go, or raise maximumSteps to search for longer.',
    }
  }
  const most = mostOf({ ...unlimited, maximumSteps: unlimited.maximumSteps / 8 })
  const had = needs.machines === undefined ? `${most} GPUs` : counted(most, 'machine')
  return {
    problem: `${wanted} are wanted, and ${had} can be had within the limits.`,
    remedy: mostFrequentRemedy(refused) ?? remedies.spread,
  }
}

function noneFits(refused: readonly OfferNotTaken[]): Shortage {
  if (refused.length === 0) return { problem: 'Nobody offers a machine.', remedy: 'Wait for a provider.' }
  const [example] = refused.filter(({ code }) => code === mostFrequent(refused))
  return {
    problem: `None of ${counted(refused.length, 'offer')} fits: of offer ${example?.offerId}, for one, ${example?.why}.`,
    remedy: mostFrequentRemedy(refused) ?? remedies.rest,
  }
}

function mostFrequentRemedy(refused: readonly OfferNotTaken[]): string | undefined {
  const code = mostFrequent(refused)
  return code === undefined ? undefined : remedies[code]
}

/** The remedy that lets the most offers in, a wrong model apart: who wants a 4090 knows it. */
function mostFrequent(refused: readonly OfferNotTaken[]): RefusalCode | undefined {
  const counts = new Map<RefusalCode, number>()
  for (const { code } of refused) counts.set(code, (counts.get(code) ?? 0) + 1)
  const usual = [...counts].filter(([code]) => code !== 'model' || counts.size === 1)
  return usual.sort(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))[0]?.[0]
}

/** By halving: whoever has room for so many has room for fewer. */
function mostOf(task: RegionTask): number {
  let [low, high] = [0, task.target]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (searchRegions({ ...task, target: middle }).found === undefined) high = middle
    else low = middle
  }
  return low
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
