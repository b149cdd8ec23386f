// Leaves out candidates that no best plan needs, so that thousands of offers leave few to search: of one provider in one
// region, alike in what a machine brings, a dearer one is never wanted while cheaper ones that lock no more bond suffice.
import { byWeight } from './candidateOrder.ts'
import type { Candidate } from './judgeOffer.ts'

export function narrowCandidates(
  candidates: readonly Candidate[],
  {
    target,
    maximumPerProvider,
    maximumPerRegion,
  }: { target: number; maximumPerProvider: number; maximumPerRegion: number },
): readonly Candidate[] {
  const kept = new Map<string, Candidate[]>()
  for (const candidate of candidates.toSorted(byWeight)) {
    const { provider, region, gain } = candidate
    const wanted = Math.min(Math.ceil(target / gain), maximumPerProvider, maximumPerRegion)
    const name = JSON.stringify([provider, region, gain])
    const cheaper = kept.get(name) ?? []
    const supply = cheaper
      .filter(({ bondWei }) => bondWei <= candidate.bondWei)
      .reduce((sum, { capacity }) => sum + capacity, 0)
    if (supply >= wanted) continue
    kept.set(name, [...cheaper, candidate])
  }
  return [...kept.values()].flat().toSorted(byWeight)
}
