import { describe, expect, it } from 'vitest'
import { placementOffer, providerAt } from '../../placement/testing/smallMarket.ts'
import { choosePlacement } from './choosePlacement.ts'
import { readPlacement, writePlacement } from './keepPlacement.ts'
import { toRunningPlacement } from './runningPlacement.ts'

const chosen = choosePlacement([placementOffer({ offerId: 7n, provider: 1, free: 3 })], {
  machines: 2,
  seconds: 60,
  gpuModels: ['4090'],
  regions: { allow: ['KR'], prefer: ['KR-Seoul'] },
  roundTrips: { regions: { 'KR-Seoul': 12 }, providers: { [providerAt(1)]: 9 } },
  spread: 'close',
  budgetWei: 10n ** 30n,
  weights: { faultPercent: 50 },
})
if (!chosen.ok) throw new Error(chosen.problem)
const placement = toRunningPlacement({
  payer: providerAt(9),
  plan: chosen.plan,
  leases: [{ leaseId: 3n }, { leaseId: 4n }],
  fromBlock: 100n,
})

describe('a kept placement', () => {
  it('is read as it was written, to the wei', () => {
    expect(readPlacement(writePlacement(placement))).toEqual(placement)
  })

  it('is refused with a sentence when it is something else, or was changed', () => {
    const changed = (change: (json: Record<string, never>) => void) => {
      const json = JSON.parse(writePlacement(placement))
      change(json)
      return () => readPlacement(JSON.stringify(json))
    }
    expect(() => readPlacement('')).toThrow('This is no placement')
    expect(() => readPlacement('[]')).toThrow('placement is not an object')
    expect(changed(json => Object.assign(json, { payer: '0x12' }))).toThrow(
      'placement.payer is not an address',
    )
    expect(changed(json => Object.assign(json, { leaseIds: [['1']] }))).toThrow('does not name a lease')
    expect(changed(json => Object.assign(json, { leaseIds: [['1'], []] }))).toThrow('does not name a lease')
    expect(changed(json => Object.assign(json, { more: 1 }))).toThrow('a field that is not known')
    expect(changed(json => Object.assign(json, { fromBlock: '-1' }))).toThrow('fromBlock')
  })
})
