import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import { greater, lesser } from '../extremes.ts'
import type { FeePair } from '../submission/fees.ts'
import { numberedAddress, validatedOperation } from '../testing/validated.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { createOperationCost } from './operationCost.ts'
import { withoutLoss } from './profit.ts'

const costOf = createOperationCost({ version: entryPoint07, fork: 'london' })

const gwei = 10n ** 9n
const fee = fc.bigInt({ min: 0n, max: 100n * gwei })
const pair: fc.Arbitrary<FeePair> = fc.tuple(fee, fee).map(([one, other]) => ({
  maxFeePerGas: greater(one, other),
  maxPriorityFeePerGas: lesser(one, other),
}))

const operations = fc
  .array(fc.record({ fees: pair, preVerificationGas: fc.bigInt({ min: 0n, max: 120_000n }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map(all =>
    all.map(({ fees, preVerificationGas }, account) =>
      validatedOperation({ sender: numberedAddress(account), preVerificationGas, ...fees }),
    ),
  )

/** What is left of a bundle in which each operation makes the EntryPoint meter so much of its gas range. */
function profit(
  all: readonly ValidatedOperation[],
  { fees, baseFee, percent }: { fees: FeePair; baseFee: bigint; percent: number },
): bigint {
  const price = ({ maxFeePerGas, maxPriorityFeePerGas }: FeePair): bigint =>
    lesser(maxFeePerGas, baseFee + maxPriorityFeePerGas)
  const pvg = createPreVerificationGas({ bundleSize: all.length, version: entryPoint07, fork: 'london' })
  return all.reduce((sum, one) => {
    const { least, most } = costOf(one).meteredGas
    const metered = least + ((most - least) * BigInt(percent)) / 100n
    const { userOperation } = one
    const income = price(userOperation) * (userOperation.preVerificationGas + metered)
    return sum + income - price(fees) * (pvg.required(userOperation) + metered)
  }, 0n)
}

describe('a bundle', () => {
  it('never loses, whatever the base fee becomes within its bounds and whatever gas is used', () => {
    fc.assert(
      fc.property(
        operations,
        pair,
        fee,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(100),
        (all, fees, next, at, percent) => {
          const last = fees.maxFeePerGas - fees.maxPriorityFeePerGas
          fc.pre(next <= last)
          const kept = withoutLoss({ costOf, operations: all, fees, baseFeePerGas: next, marginPercent: 0 })
          const baseFee = next + BigInt(Math.floor(Number(last - next) * at))
          // Rounding the shares of a transaction's gas to whole units is worth a unit of gas an operation.
          const slack = fees.maxFeePerGas * BigInt(3 * all.length)
          expect(profit(kept, { fees, baseFee, percent }) >= -slack).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('that replaces another loses no more than giving the nonce back would cost', () => {
    const bearableGas = 21_000n
    fc.assert(
      fc.property(operations, pair, fee, fc.nat(100), (all, fees, next, percent) => {
        fc.pre(next <= fees.maxFeePerGas - fees.maxPriorityFeePerGas)
        const terms = { costOf, operations: all, fees, baseFeePerGas: next, marginPercent: 0, bearableGas }
        const kept = withoutLoss(terms)
        const price = next + fees.maxPriorityFeePerGas
        const slack = fees.maxFeePerGas * BigInt(3 * all.length)
        const least = -price * bearableGas - slack
        expect(profit(kept, { fees, baseFee: next, percent }) >= least).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps everyone who pays his own way, in their order', () => {
    const fees = { maxFeePerGas: 2n * gwei, maxPriorityFeePerGas: gwei }
    const all = [1, 2, 3].map(account => {
      const unsigned = validatedOperation({ sender: numberedAddress(account) })
      const preVerificationGas = createPreVerificationGas({
        bundleSize: 1,
        version: entryPoint07,
        fork: 'london',
      }).estimate(unsigned.userOperation)
      return validatedOperation({ sender: numberedAddress(account), preVerificationGas })
    })
    expect(withoutLoss({ costOf, operations: all, fees, baseFeePerGas: 7n, marginPercent: 0 })).toEqual(all)
    expect(
      withoutLoss({ costOf, operations: all.slice(0, 1), fees, baseFeePerGas: 7n, marginPercent: 0 }),
    ).toHaveLength(1)
  })

  it('leaves out who costs more than he brings, and carries him when others bring enough', () => {
    const fees = { maxFeePerGas: 2n * gwei, maxPriorityFeePerGas: gwei }
    const mean = validatedOperation({ sender: numberedAddress(1), preVerificationGas: 5_000n })
    const generous = validatedOperation({ sender: numberedAddress(2), preVerificationGas: 200_000n })
    const fair = validatedOperation({ sender: numberedAddress(3), preVerificationGas: 50_000n })
    const keep = (all: ValidatedOperation[], marginPercent = 0) =>
      withoutLoss({ costOf, operations: all, fees, baseFeePerGas: 7n, marginPercent })
    expect(keep([mean])).toEqual([])
    expect(keep([mean, fair])).toEqual([fair])
    expect(keep([mean, generous])).toEqual([mean, generous])
  })

  it('asks for the margin on top', () => {
    const fees = { maxFeePerGas: 2n * gwei, maxPriorityFeePerGas: gwei }
    const fair = validatedOperation({ sender: numberedAddress(3), preVerificationGas: 60_000n })
    const at = (marginPercent: number) =>
      withoutLoss({ costOf, operations: [fair], fees, baseFeePerGas: 7n, marginPercent }).length
    expect([at(0), at(500)]).toEqual([1, 0])
  })
})
