// What a choice is made by, and how it is told: weights, limits, bonds, reasons.
import { describe, expect, it } from 'vitest'
import { choosePlacement } from '../actions/placement/choosePlacement.ts'
import type { PlacementNeeds } from '../actions/placement/needs.ts'
import type { Placement, PlacementPlan } from '../actions/placement/plan.ts'
import { placementOffer, providerAt } from './testing/smallMarket.ts'

const needs: PlacementNeeds = { machines: 1, seconds: 3_600, minimumBondSeconds: 0 }

function planned(placement: Placement): PlacementPlan {
  if (!placement.ok) throw new Error(placement.problem)
  return placement.plan
}
const idsOf = (placement: Placement) => planned(placement).machines.map(({ offerId }) => offerId)

describe('the record of a provider', () => {
  it('counts by what cannot be undone: a fault as a quarter of the price, a lapse as a twentieth', () => {
    const faulty = placementOffer({ offerId: 1n, provider: 1, price: 100n, faults: 1 })
    const dearer = (price: bigint) => placementOffer({ offerId: 2n, provider: 2, price })
    expect(idsOf(choosePlacement([faulty, dearer(126n)], needs))).toEqual([1n])
    expect(idsOf(choosePlacement([faulty, dearer(124n)], needs))).toEqual([2n])
    const lapsed = placementOffer({ offerId: 1n, provider: 1, price: 100n, lapses: 1 })
    expect(idsOf(choosePlacement([lapsed, dearer(106n)], needs))).toEqual([1n])
    expect(idsOf(choosePlacement([lapsed, dearer(104n)], needs))).toEqual([2n])
  })

  it('attack: completions bought for gas move no choice', () => {
    const honest = placementOffer({ offerId: 1n, provider: 1, price: 100n })
    const boaster = placementOffer({ offerId: 2n, provider: 2, price: 101n, completed: 1_000_000 })
    expect(idsOf(choosePlacement([boaster, honest], needs))).toEqual([1n])
    const washed = placementOffer({ offerId: 2n, provider: 2, price: 90n, completed: 1_000_000, faults: 1 })
    expect(idsOf(choosePlacement([washed, honest], needs))).toEqual([1n])
  })

  it('is told where it counted', () => {
    const offer = placementOffer({ offerId: 1n, provider: 1, price: 100n, faults: 2, lapses: 1 })
    const [machine] = planned(choosePlacement([offer], needs)).machines
    expect(machine?.why).toContain(
      '2 faults on record counts as 50 % dearer; a lapse on record counts as 5 % dearer',
    )
  })
})

describe('the bond of a provider', () => {
  it('attack: one bond behind many offers backs no more machines than it can pay for', () => {
    const offers = [1n, 2n, 3n, 4n].map(offerId =>
      placementOffer({ offerId, provider: 1, bond: 400n, availableBond: 1_000n }),
    )
    expect(planned(choosePlacement(offers, { ...needs, machines: 2 })).machines).toHaveLength(2)
    expect(choosePlacement(offers, { ...needs, machines: 3 })).toMatchObject({
      ok: false,
      problem: '3 machines are wanted, and 2 machines can be had within the limits.',
    })
  })

  it('must be worth more than ten minutes of the price, which is what going dark earns', () => {
    const deterring = placementOffer({ offerId: 1n, provider: 1, price: 10n, bond: 6_001n })
    const notQuite = placementOffer({ offerId: 2n, provider: 2, price: 1n, bond: 600n })
    const placement = choosePlacement([notQuite, deterring], { machines: 1, seconds: 60 })
    expect(idsOf(placement)).toEqual([1n])
    expect(placement.notTaken).toMatchObject([{ offerId: 2n, code: 'bond' }])
  })
})

describe('regions and ways', () => {
  const seoul = placementOffer({ offerId: 1n, provider: 1, region: 'KR-Seoul', price: 105n })
  const tokyo = placementOffer({ offerId: 2n, provider: 2, region: 'JP-Tokyo', price: 100n })
  const korea = placementOffer({ offerId: 3n, provider: 3, region: 'KRAKOW', price: 1n })
  const offers = [seoul, tokyo, korea]

  it('go by name and by country, in any case', () => {
    expect(idsOf(choosePlacement(offers, { ...needs, regions: { allow: ['kr'] } }))).toEqual([1n])
    expect(idsOf(choosePlacement(offers, { ...needs, regions: { deny: ['krakow', 'JP'] } }))).toEqual([1n])
  })

  it('that are preferred are worth a tenth of the price', () => {
    const preferring = (price: bigint) =>
      choosePlacement([{ ...seoul, pricePerSecondWei: price }, tokyo], {
        ...needs,
        regions: { prefer: ['KR'] },
      })
    expect(idsOf(preferring(109n))).toEqual([1n])
    expect(idsOf(preferring(111n))).toEqual([2n])
  })

  it('are taken only when measured, where there is a limit; a provider’s figure goes before its region’s', () => {
    const roundTrips = {
      regions: { 'kr-seoul': 5, 'JP-Tokyo': 90 },
      providers: { [providerAt(2)]: 20 },
      maximumMilliseconds: 50,
    }
    const placement = choosePlacement(offers, { ...needs, roundTrips })
    expect(idsOf(placement)).toEqual([2n])
    expect(placement.notTaken).toMatchObject([{ code: 'dearer' }, { code: 'roundTrip' }])
  })

  it('close: all machines stand in one region, though another has the cheapest', () => {
    const all = [
      placementOffer({ offerId: 1n, provider: 1, region: 'A', price: 1n }),
      placementOffer({ offerId: 2n, provider: 2, region: 'B', price: 3n, free: 2 }),
      placementOffer({ offerId: 3n, provider: 3, region: 'A', price: 9n }),
    ]
    const placement = choosePlacement(all, { ...needs, machines: 2, spread: 'close' })
    expect(idsOf(placement)).toEqual([2n, 2n])
    expect(placement.notTaken.every(({ code, why }) => code === 'spread' && why.endsWith('in B'))).toBe(true)
  })
})

describe('needs that nothing fits', () => {
  const two = [1n, 2n].map(offerId => placementOffer({ offerId, provider: Number(offerId), price: 100n }))

  it('are told what the cheapest plan costs, where it is the budget', () => {
    const placement = choosePlacement(two, { ...needs, machines: 2, seconds: 1, budgetWei: 199n })
    expect(placement).toMatchObject({
      ok: false,
      problem: expect.stringContaining('costs 0.0000000000000002 tokens'),
    })
  })

  it('are told what stands in the way of most offers, and how to let them in', () => {
    expect(choosePlacement(two, { ...needs, gpuModels: ['H100'] })).toMatchObject({
      problem: 'None of 2 offers fits: of offer 1, for one, its GPU is another one, Test 4090.',
      remedy: 'Name another model, or none.',
    })
    expect(choosePlacement([], needs)).toMatchObject({ ok: false, problem: 'Nobody offers a machine.' })
  })

  it('and needs that cannot be meant are an exception with a remedy', () => {
    for (const wrong of [
      { machines: undefined },
      { gpus: 3 },
      { machines: 65 },
      { machines: 1.5 },
      { seconds: 0 },
      { seconds: 2 ** 32 },
      { budgetWei: -1n },
      { weights: { faultPercent: Number.NaN } },
      { roundTrips: { regions: { A: -1 } } },
      { denyProviders: Array.from({ length: 257 }, (_, index) => providerAt(index + 1)) },
    ]) {
      expect(() => choosePlacement(two, { ...needs, ...wrong })).toThrow(/Say one|Give/)
    }
  })
})

describe('a large market', () => {
  it('attack: thousands of offers made to keep a search busy are answered within its steps', () => {
    // Every provider in every region, equally dear, with bonds that no count of machines divides.
    const offers = Array.from({ length: 5_000 }, (_, index) =>
      placementOffer({
        offerId: BigInt(index + 1),
        provider: 1 + (index % 70),
        region: `R${index % 71}`,
        price: 1_000n + BigInt(index % 3),
        gpuCount: 1 + (index % 7),
        bond: 100n + BigInt(index % 11),
        availableBond: 350n,
      }),
    )
    const spread = { ...needs, machines: undefined, gpus: 301, maximumPerRegion: 1, maximumPerProvider: 2 }
    const { machines } = planned(choosePlacement(offers, spread))
    expect(machines.reduce((sum, { gpus }) => sum + gpus, 0)).toBeGreaterThanOrEqual(301)
    expect(new Set(machines.map(({ region }) => region)).size).toBe(machines.length)
  })

  it('of tens of thousands of offers has a plan, though there is no time to compare them all', () => {
    const offers = Array.from({ length: 30_000 }, (_, index) =>
      placementOffer({
        offerId: BigInt(index + 1),
        provider: index + 1,
        region: 'A',
        gpuCount: 1 + (index % 2),
      }),
    )
    const plan = planned(
      choosePlacement(offers, { ...needs, machines: undefined, gpus: 100, spread: 'providers' }),
    )
    expect(plan.machines.length).toBeLessThanOrEqual(64)
  })
})
