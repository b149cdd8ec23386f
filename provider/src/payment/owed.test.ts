import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millisecondsUntilOverdue, neededWei, owedWei, unitsOf } from './owed.ts'

const price = fc.bigInt({ min: 1n, max: 10n ** 20n })
const milliseconds = fc.integer({ min: 0, max: 604_800_000 })

describe('what is owed', () => {
  it('is never more than a voucher over its seconds can express', () => {
    fc.assert(
      fc.property(fc.array(milliseconds), price, (jobs, pricePerSecondWei) => {
        const used = jobs.reduce((sum, one) => sum + BigInt(one), 0n)
        const owed = owedWei(used, pricePerSecondWei)
        const units = unitsOf(owed, pricePerSecondWei)
        expect(owed).toBeLessThanOrEqual(units * pricePerSecondWei)
        expect(units).toBe((used + 999n) / 1_000n)
      }),
    )
  })

  it('exceeds the exact price by less than a wei, however many jobs it is the sum of', () => {
    fc.assert(
      fc.property(fc.array(milliseconds), price, (jobs, pricePerSecondWei) => {
        const used = jobs.reduce((sum, one) => sum + BigInt(one), 0n)
        const excess = owedWei(used, pricePerSecondWei) * 1_000n - used * pricePerSecondWei
        expect(excess).toBeGreaterThanOrEqual(0n)
        expect(excess).toBeLessThan(1_000n)
      }),
    )
  })

  it('rises with every job and never falls', () => {
    fc.assert(
      fc.property(milliseconds, milliseconds, price, (before, more, pricePerSecondWei) => {
        const [first, second] = [
          owedWei(BigInt(before), pricePerSecondWei),
          owedWei(BigInt(before + more), pricePerSecondWei),
        ]
        expect(second).toBeGreaterThanOrEqual(first)
      }),
    )
  })
})

describe('what has to be signed for one more request', () => {
  it('covers all that was used and the reserve of everything that runs beside it', () => {
    fc.assert(
      fc.property(
        milliseconds,
        fc.array(milliseconds, { maxLength: 20 }),
        fc.integer({ min: 0, max: 3_600 }),
        price,
        (used, running, reserveSeconds, pricePerSecondWei) => {
          const use = { usedMilliseconds: BigInt(used), runningMilliseconds: running, pricePerSecondWei }
          const needed = neededWei(use, reserveSeconds)
          const soFar = BigInt(used) + running.reduce((sum, one) => sum + BigInt(one), 0n)
          expect(needed).toBeGreaterThanOrEqual(owedWei(soFar, pricePerSecondWei))
          expect(needed).toBeGreaterThanOrEqual(
            BigInt((running.length + 1) * reserveSeconds) * pricePerSecondWei,
          )
        },
      ),
    )
  })
})

describe('a lane', () => {
  const use = { pricePerSecondWei: 100n, usedMilliseconds: 3_000n }
  const limits = { signedWei: 1_000n, unsignedMilliseconds: 10_000 }

  it('is overdue when its jobs together have used the unsigned interval beyond what is signed', () => {
    expect(millisecondsUntilOverdue({ ...use, runningMilliseconds: [0] }, limits)).toBe(17_000)
    expect(millisecondsUntilOverdue({ ...use, runningMilliseconds: [1_000, 1_000] }, limits)).toBe(7_500)
    expect(millisecondsUntilOverdue({ ...use, runningMilliseconds: [18_000] }, limits)).toBeLessThan(0)
  })

  it('in which nothing runs is never overdue', () => {
    expect(millisecondsUntilOverdue({ ...use, runningMilliseconds: [] }, limits)).toBe(
      Number.POSITIVE_INFINITY,
    )
  })
})
