// The least that what is still missing can weigh, or cost, if some of the limits are let go: with all machines alike, the
// limits of one kind at a time (offers within providers, or within regions) are kept, for which taking the cheapest first
// is exact; otherwise each offer's own limit, with a part of a machine at the end.
import { byWeight } from './candidateOrder.ts'
import type { Candidate } from './judgeOffer.ts'
import type { Room } from './room.ts'

type Measure = (candidate: Candidate) => bigint
type Group = 'provider' | 'region'
type Ranked = { readonly candidate: Candidate; readonly index: number }

export type LowerBounds = {
  /** From the candidates at `start` and after; undefined: they do not suffice. */
  readonly weightFrom: (start: number, missing: number) => bigint | undefined
  readonly priceFrom: (start: number, missing: number) => bigint | undefined
  /** One more candidate was looked at. */
  readonly count: () => void
  /** Candidates looked at so far. */
  readonly steps: () => number
}

export function createLowerBounds(
  { candidates }: { readonly candidates: readonly Candidate[] },
  room: Room,
): LowerBounds {
  let steps = 0
  const areAlike = new Set(candidates.map(({ gain }) => gain)).size <= 1
  const ranked = candidates.map((candidate, index) => ({ candidate, index }))
  const byPrice = ranked.toSorted((left, right) =>
    byWeight(
      { ...left.candidate, weight: left.candidate.priceWei },
      { ...right.candidate, weight: right.candidate.priceWei },
    ),
  )

  function grouped(
    order: readonly Ranked[],
    first: number,
    start: number,
    missing: number,
    measure: Measure,
    group: Group,
  ) {
    const used = new Map<string, number>()
    let left = missing
    let sum = 0n
    for (let place = first; place < order.length; place++) {
      const { candidate, index } = order[place] as Ranked
      steps++
      if (index < start) continue
      const name = group === 'provider' ? candidate.provider : candidate.region
      const limit = group === 'provider' ? room.ofProvider(candidate) : room.inRegion(candidate)
      const taken = used.get(name) ?? 0
      const wanted = Math.ceil(left / candidate.gain)
      const machines = Math.min(wanted, room.machinesOf(candidate), limit - taken)
      if (machines <= 0) continue
      used.set(name, taken + machines)
      sum += measure(candidate) * BigInt(machines)
      left -= machines * candidate.gain
      if (left <= 0) return sum
    }
    return undefined
  }

  function fractional(
    order: readonly Ranked[],
    first: number,
    start: number,
    missing: number,
    measure: Measure,
  ) {
    let left = missing
    let sum = 0n
    for (let place = first; place < order.length; place++) {
      const { candidate, index } = order[place] as Ranked
      steps++
      if (index < start) continue
      const machines = room.machinesOf(candidate)
      if (machines <= 0) continue
      if (machines * candidate.gain >= left) {
        return sum + (measure(candidate) * BigInt(left)) / BigInt(candidate.gain)
      }
      sum += measure(candidate) * BigInt(machines)
      left -= machines * candidate.gain
    }
    return undefined
  }

  function least(order: readonly Ranked[], first: number, start: number, missing: number, measure: Measure) {
    if (!areAlike) return fractional(order, first, start, missing, measure)
    const within = grouped(order, first, start, missing, measure, 'provider')
    if (within === undefined) return undefined
    const across = grouped(order, first, start, missing, measure, 'region')
    if (across === undefined) return undefined
    if (across > within) return across
    return within
  }

  return {
    weightFrom: (start, missing) => least(ranked, start, start, missing, ({ weight }) => weight),
    priceFrom: (start, missing) => least(byPrice, 0, start, missing, ({ priceWei }) => priceWei),
    count: () => {
      steps++
    },
    steps: () => steps,
  }
}
