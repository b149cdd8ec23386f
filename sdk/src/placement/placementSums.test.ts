import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Lease } from '../actions/lease/lease.ts'
import type { MachineCondition } from './machineCondition.ts'
import { placementSums } from './placementSums.ts'

const judged = fc
  .record({
    escrowWei: fc.bigInt({ min: 0n, max: 10n ** 24n }),
    share: fc.bigInt({ min: 0n, max: 1_000n }),
    condition: fc.constantFrom<MachineCondition>('waiting', 'running', 'ended', 'lost', 'gone'),
  })
  .map(({ escrowWei, share, condition }) => {
    const costWei = (escrowWei * share) / 1_000n
    return { condition, lease: { escrowWei, costWei, refundWei: escrowWei - costWei } as Lease }
  })
const leases = fc.array(judged, { maxLength: 20 })

describe('what is left of a budget', () => {
  it('together with what is spent, and what live machines may yet spend, is the budget to the wei', () => {
    fc.assert(
      fc.property(leases, fc.bigInt({ min: 0n, max: 10n ** 26n }), (all, budgetWei) => {
        const { spentWei, committedWei, leftWei } = placementSums(all, budgetWei)
        const yetToSpend = all
          .filter(({ condition }) => condition === 'waiting' || condition === 'running')
          .reduce((sum, { lease }) => sum + lease.refundWei, 0n)
        expect(leftWei + spentWei + yetToSpend).toBe(budgetWei)
        expect(committedWei).toBe(spentWei + yetToSpend)
      }),
    )
  })

  it('grows by exactly the refund when a running machine is lost', () => {
    fc.assert(
      fc.property(leases, judged, (all, one) => {
        const running = placementSums([...all, { ...one, condition: 'running' }], 0n)
        const lost = placementSums([...all, { ...one, condition: 'lost' }], 0n)
        expect(lost.leftWei - running.leftWei).toBe(one.lease.refundWei)
      }),
    )
  })
})
