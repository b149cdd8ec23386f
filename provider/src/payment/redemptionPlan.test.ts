import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LaneAccount } from './laneBook.ts'
import { gasOfVoucher, type LaneStanding, planRedemption } from './redemptionPlan.ts'

const gasPriceWei = 10n
const costWei = gasPriceWei * gasOfVoucher({ isContract: false })
const terms = { gasPriceWei, isDraining: false }
const lane = (more: Partial<LaneStanding>): LaneStanding => ({
  account: {} as LaneAccount,
  payableWei: costWei * 20n,
  isEnding: false,
  isContract: false,
  waitedBlocks: 0n,
  ...more,
})

it('waits until the sum makes the gas a hundredth of it, or until six hours have passed', () => {
  expect(planRedemption([lane({})], terms)).toEqual([])
  expect(planRedemption([lane({ payableWei: costWei * 100n })], terms)).toHaveLength(1)
  expect(planRedemption([lane({ waitedBlocks: 2_160n })], terms)).toHaveLength(1)
})

it('does not wait where a session or right ends, where a contract may disown, or when the daemon drains', () => {
  expect(planRedemption([lane({ isEnding: true })], terms)).toHaveLength(1)
  expect(planRedemption([lane({ isContract: true })], terms)).toEqual([])
  expect(planRedemption([lane({ isContract: true, waitedBlocks: 6n })], terms)).toHaveLength(1)
  expect(planRedemption([lane({})], { ...terms, isDraining: true })).toHaveLength(1)
})

it('takes along, behind what is urgent, what makes the gas a tenth, once a transaction has to be sent', () => {
  const due = lane({ isEnding: true })
  const worthIt = lane({ payableWei: costWei * 10n })
  const notYet = lane({ payableWei: costWei * 9n })
  expect(planRedemption([notYet, worthIt, due], terms)).toEqual([due, worthIt])
})

it('Attack: dust in many lanes makes the provider pay more gas than it gets', () => {
  const standing = fc.record({
    payableWei: fc.bigInt({ min: 1n, max: costWei * 8n }),
    isEnding: fc.boolean(),
    isContract: fc.boolean(),
    waitedBlocks: fc.bigInt({ min: 0n, max: 10_000n }),
  })
  fc.assert(
    fc.property(fc.array(standing), fc.boolean(), (standings, isDraining) => {
      const planned = planRedemption(standings.map(lane), { gasPriceWei, isDraining })
      const sumWei = planned.reduce((sum, { payableWei }) => sum + payableWei, 0n)
      const gas = planned.reduce((sum, standing) => sum + gasOfVoucher(standing), 0n)
      expect(sumWei).toBeGreaterThanOrEqual(gas * gasPriceWei)
    }),
  )
})
