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

export function createPricing(options: {
  fees: Fees
  profitMarginPercent: number
  costOf: CostOf
  /** Whether others, whose turn it is not, take operations by paying the miners more. */
  isContested: () => boolean
}): Pricing {
  const { fees, profitMarginPercent, costOf } = options

  function usualFees(): FeePair {
    const { standard, fast } = fees.currentFees()
    return { maxFeePerGas: fast.maxFeePerGas, maxPriorityFeePerGas: standard.maxPriorityFeePerGas }
  }

  function targetFees({ replaces }: Slot): FeePair {
    const target = options.isContested() ? fees.currentFees().contested : usualFees()
    return atLeast(target, replaces?.minimumFees)
  }

  /** Not more than the least of the operations pays, so that no base fee makes it a loss; unless it must replace. */
  function bundleFees(target: FeePair, slot: Slot, operations: readonly ValidatedOperation[]): FeePair {
    const least = operations.reduce((pair, { userOperation }) => atMost(pair, userOperation), target)
    const { maxFeePerGas, maxPriorityFeePerGas } = atLeast(least, slot.replaces?.minimumFees)
    return { maxFeePerGas: greater(maxFeePerGas, maxPriorityFeePerGas), maxPriorityFeePerGas }
  }

  function priceUpTo(target: FeePair, slot: Slot, operations: readonly ValidatedOperation[]): Priced {
    const { baseFeePerGas } = fees.currentFees()
    let kept = operations
    for (;;) {
      const offer = bundleFees(target, slot, kept)
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
  }

  return {
    targetFees,
    leastFees() {
      const { baseFeePerGas } = fees.currentFees()
      const { maxPriorityFeePerGas } = fees.minimumFees()
      return { maxFeePerGas: (baseFeePerGas * 9n + 7n) / 8n + maxPriorityFeePerGas, maxPriorityFeePerGas }
    },
    price(slot, operations) {
      const usual = priceUpTo(usualFees(), slot, operations)
      if (!options.isContested()) return usual
      // Who asks for a margin keeps it; and no operation is left lying for what another pays the miner.
      const most = usual.operations.reduce(
        (pair, { userOperation }) => atMost(pair, userOperation),
        fees.currentFees().contested,
      )
      const dearer = priceUpTo(withoutMargin(most, profitMarginPercent), slot, usual.operations)
      const isDearer = dearer.fees.maxPriorityFeePerGas > usual.fees.maxPriorityFeePerGas
      return isDearer && dearer.operations.length === usual.operations.length ? dearer : usual
    },
  }
}

type Priced = ReturnType<Pricing['price']>

function withoutMargin(pair: FeePair, marginPercent: number): FeePair {
  const part = (wei: bigint): bigint => (wei * 100n) / BigInt(100 + marginPercent)
  return {
    maxFeePerGas: part(pair.maxFeePerGas),
    maxPriorityFeePerGas: part(pair.maxPriorityFeePerGas),
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
