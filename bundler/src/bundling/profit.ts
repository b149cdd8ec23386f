// Does the bundle pay for itself, whatever its operations do with the gas they may use, and at every
// base fee at which it can be mined?
import { lesser } from '../extremes.ts'
import type { FeePair } from '../submission/fees.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { operationCost } from './operationCost.ts'

export type ProfitTerms = {
  readonly operations: readonly ValidatedOperation[]
  /** Of the bundle's transaction. */
  readonly fees: FeePair
  /** Of the next block. */
  readonly baseFeePerGas: bigint
  /** Percent that must be earned above the cost. */
  readonly marginPercent: number
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
  for (const baseFee of baseFees) kept = keepProfitable(kept, baseFee, terms)
  return kept
}

function keepProfitable(
  operations: readonly ValidatedOperation[],
  baseFeePerGas: bigint,
  { fees, marginPercent }: ProfitTerms,
): readonly ValidatedOperation[] {
  const price = (pair: FeePair): bigint =>
    lesser(pair.maxFeePerGas, baseFeePerGas + pair.maxPriorityFeePerGas)
  const costPerGas = (price(fees) * BigInt(100 + marginPercent) + 99n) / 100n

  function leastEarning(validated: ValidatedOperation): bigint {
    const { unmeteredGas, meteredGas } = operationCost(validated)
    const { userOperation } = validated
    const paidPerGas = price(userOperation)
    // Metered gas is paid for as well as it costs, or better: then the less of it the worse, else the more.
    const metered = paidPerGas >= costPerGas ? meteredGas.least : meteredGas.most
    return paidPerGas * (userOperation.preVerificationGas + metered) - costPerGas * (unmeteredGas + metered)
  }

  const earnings = operations
    .map(validated => ({ validated, wei: leastEarning(validated) }))
    .sort((one, other) => (one.wei > other.wei ? -1 : one.wei < other.wei ? 1 : 0))
  const [first] = operations
  if (first === undefined) return []
  let total = earnings.reduce((sum, { wei }) => sum + wei, 0n) - costPerGas * operationCost(first).bundleGas
  const leaving = new Set<ValidatedOperation>()
  while (total < 0n) {
    const worst = earnings.pop()
    // Whoever is left earns: leaving out more would only make it worse.
    if (worst === undefined || worst.wei >= 0n) return []
    total -= worst.wei
    leaving.add(worst.validated)
  }
  return operations.filter(validated => !leaving.has(validated))
}
