// What a bundle offers for its gas, and which operations it can afford to carry at that.
import { greater, lesser } from '../extremes.ts'
import { transferGas } from '../submission/dispatch.ts'
import type { FeePair, Fees } from '../submission/fees.ts'
import type { Slot } from '../submission/submission.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { CostOf } from './operationCost.ts'
import { withoutLoss } from './profit.ts'

export type Pricing = {
  /** What a bundle in this slot would offer if every operation could pay it. */
  targetFees(slot: Slot): FeePair
  /** What an operation must offer: one block of the steepest rise must not make it unminable. */
  leastFees(): FeePair
  /** The fees of a bundle of these, and those of them it does not lose by. */
  price(
    slot: Slot,
    operations: readonly ValidatedOperation[],
  ): { readonly operations: readonly ValidatedOperation[]; readonly fees: FeePair }
}

export function createPricing(options: { fees: Fees; profitMarginPercent: number; costOf: CostOf }): Pricing {
  const { fees, profitMarginPercent, costOf } = options

  function targetFees({ replaces }: Slot): FeePair {
    const { standard, fast } = fees.currentFees()
    const { maxFeePerGas } = fast
    const { maxPriorityFeePerGas } = standard
    return atLeast({ maxFeePerGas, maxPriorityFeePerGas }, replaces?.minimumFees)
  }

  /** Not more than the least of the operations pays, so that no base fee makes it a loss; unless it must replace. */
  function bundleFees(slot: Slot, operations: readonly ValidatedOperation[]): FeePair {
    const least = operations.reduce(
      (pair, { userOperation }) => atMost(pair, userOperation),
      targetFees(slot),
    )
    const { maxFeePerGas, maxPriorityFeePerGas } = atLeast(least, slot.replaces?.minimumFees)
    return { maxFeePerGas: greater(maxFeePerGas, maxPriorityFeePerGas), maxPriorityFeePerGas }
  }

  return {
    targetFees,
    leastFees() {
      const { baseFeePerGas } = fees.currentFees()
      const { maxPriorityFeePerGas } = fees.minimumFees()
      return { maxFeePerGas: (baseFeePerGas * 9n + 7n) / 8n + maxPriorityFeePerGas, maxPriorityFeePerGas }
    },
    price(slot, operations) {
      const { baseFeePerGas } = fees.currentFees()
      let kept = operations
      for (;;) {
        const offer = bundleFees(slot, kept)
        const worthwhile = withoutLoss({
          costOf,
          operations: kept,
          fees: offer,
          baseFeePerGas,
          marginPercent: profitMarginPercent,
          // Else the nonce would be given back, at that cost.
          bearableGas: slot.replaces === undefined ? 0n : transferGas,
        })
        if (worthwhile.length === kept.length) return { operations: kept, fees: offer }
        kept = worthwhile
      }
    },
  }
}

function atMost(one: FeePair, other: FeePair): FeePair {
  return {
    maxFeePerGas: lesser(one.maxFeePerGas, other.maxFeePerGas),
    maxPriorityFeePerGas: lesser(one.maxPriorityFeePerGas, other.maxPriorityFeePerGas),
  }
}

function atLeast(one: FeePair, other: FeePair | undefined): FeePair {
  if (other === undefined) return one
  return {
    maxFeePerGas: greater(one.maxFeePerGas, other.maxFeePerGas),
    maxPriorityFeePerGas: greater(one.maxPriorityFeePerGas, other.maxPriorityFeePerGas),
  }
}
