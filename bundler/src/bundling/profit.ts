// Does the bundle pay for itself, whatever its operations do with the gas they may use, and at every
// base fee at which it can be mined?
import { lesser } from '../extremes.ts'
import type { FeePair } from '../submission/fees.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { CostOf } from './operationCost.ts'

export type ProfitTerms = {
  readonly costOf: CostOf
  readonly operations: readonly ValidatedOperation[]
  /** Of the bundle's transaction. */
  readonly fees: FeePair
  /** Of the next block. */
  readonly baseFeePerGas: bigint
  /** Percent that must be earned above the cost. */
  readonly marginPercent: number
  /** Gas whose cost may be lost: what it would take to do without the bundle. */
  readonly bearableGas?: bigint
}

/**
 * The operations that may stay for the bundle not to lose; those that earn least leave first.
 * What an operation pays grows with the base fee and then stays, what the bundle pays grows with it steadily:
 * if neither the next base fee nor the highest at which the bundle pays its full tip makes a loss, none between does.
 */
export function withoutLoss(terms: ProfitTerms): readonly ValidatedOperation[] {
  const { fees, baseFeePerGas } = terms
  const baseFees = [baseFeePerGas, fees.maxFeePerGas - fees.maxPriorityFeePerGas]
  let kept = terms.operations
  for (;;) {
    const before = kept.length
    for (const baseFee of baseFees) kept = keepProfitable(kept, baseFee, terms)
    // Who leaves for the one base fee may have carried others at the other.
    if (kept.length === before) return kept
  }
}

function keepProfitable(
  operations: readonly ValidatedOperation[],
  baseFeePerGas: bigint,
  { costOf, fees, marginPercent, bearableGas = 0n }: ProfitTerms,
): readonly ValidatedOperation[] {
  const price = (pair: FeePair): bigint =>
    lesser(pair.maxFeePerGas, baseFeePerGas + pair.maxPriorityFeePerGas)
  const costPerGas = (price(fees) * BigInt(100 + marginPercent) + 99n) / 100n

  /** Wei that the operation leaves over, at worst, above `unmetered` and its own metered gas. */
  function leastEarning(validated: ValidatedOperation, unmetered: bigint): bigint {
    const { meteredGas } = costOf(validated)
    const { userOperation } = validated
    const paidPerGas = price(userOperation)
    // Metered gas is paid for as well as it costs, or better: then the less of it the worse, else the more.
    const metered = paidPerGas >= costPerGas ? meteredGas.least : meteredGas.most
    return paidPerGas * (userOperation.preVerificationGas + metered) - costPerGas * (unmetered + metered)
  }

  const earnings = operations
    .map(validated => {
      const { unmeteredGas } = costOf(validated)
      return { validated, unmeteredGas, wei: leastEarning(validated, unmeteredGas.shared) }
    })
    .sort((one, other) => (one.wei > other.wei ? -1 : one.wei < other.wei ? 1 : 0))
  const [best] = earnings
  if (best === undefined) return []
  const bearableWei = price(fees) * bearableGas
  const bundleWei = costPerGas * best.unmeteredGas.bundle - bearableWei
  let total = earnings.reduce((sum, { wei }) => sum + wei, -bundleWei)
  while (total < 0n && earnings.length > 1) total -= earnings.pop()?.wei ?? 0n
  if (earnings.length === 1 && leastEarning(best.validated, best.unmeteredGas.alone) + bearableWei < 0n)
    return []
  const kept = new Set(earnings.map(({ validated }) => validated))
  return operations.filter(validated => kept.has(validated))
}
