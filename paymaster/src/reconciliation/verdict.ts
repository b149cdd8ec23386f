// What a comparison comes to, in the figures that are kept of it.
import type { Opening, ReconciliationRun, ReconciliationState } from '../admin/reconciliation/schema.ts'
import type { ComparedErc20s } from './erc20Books.ts'
import { type Compared, expectedWei } from './reconcile.ts'

export type Figures = Pick<
  ReconciliationRun,
  'deposit' | 'tips' | 'tanks' | 'tokens' | 'ledger' | 'otherTokens' | 'opening'
>

export type Verdict = { readonly state: ReconciliationState; readonly figures: Figures }

/** `carriedWei`: what the runs before left unexplained, together. `opening`: what the first of them began with. */
export function judge(
  { from, to, sums, explainedWei }: Compared,
  { checks, items }: ComparedErc20s,
  { carriedWei, opening }: { readonly carriedWei: bigint; readonly opening: Opening | null },
): Verdict {
  const shouldBeWei = expectedWei(from, sums)
  const driftWei = to.depositWei - shouldBeWei
  const unexplainedWei = driftWei - explainedWei
  const carried = carriedWei + unexplainedWei
  const tips = check(from.tipsOwedWei, from.tipsOwedWei + sums.tipsOwedWei, to.tipsOwedWei)
  const tanks = check(from.tanksWei, from.tanksWei + sums.tanksWei, to.tanksWei)
  const tokens = check(from.tokensWei, from.tokensWei + sums.tokensWei, to.tokensWei)
  const spareWei = to.tokensWei - to.tanksWei
  const isOff = [tips, tanks, tokens].some(({ driftWei }) => driftWei !== '0')
  const isTokenOff = checks.some(check => check.carried !== '0')
  const isUnexplained = carried !== 0n || isOff || spareWei < 0n || isTokenOff
  const isEven = driftWei === 0n && sums.itemCount + items.length === 0
  return {
    state: isUnexplained ? 'unexplained' : isEven ? 'even' : 'explained',
    figures: {
      deposit: {
        ...check(from.depositWei, shouldBeWei, to.depositWei),
        depositedWei: String(sums.depositedWei),
        withdrawnWei: String(sums.withdrawnWei),
        operationCostWei: String(sums.bookedWei),
        operations: sums.operations,
        explainedWei: String(explainedWei),
        unexplainedWei: String(unexplainedWei),
        carriedWei: String(carried),
      },
      tips,
      tanks,
      tokens: { ...tokens, spareWei: String(spareWei) },
      ledger: {
        bookedWei: String(sums.bookedWei),
        eventsWei: String(sums.eventsWei),
        driftWei: String(sums.bookedWei - sums.eventsWei),
        operations: sums.operations,
      },
      otherTokens: [...checks],
      opening,
    },
  }
}

function check(baseWei: bigint, shouldBeWei: bigint, actualWei: bigint) {
  return {
    baseWei: String(baseWei),
    expectedWei: String(shouldBeWei),
    actualWei: String(actualWei),
    driftWei: String(actualWei - shouldBeWei),
  }
}
