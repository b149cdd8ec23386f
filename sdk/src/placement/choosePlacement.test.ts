// Plans against a search that knows nothing but to try everything: whatever is chosen keeps every limit, and whatever can
// be had is found.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choosePlacement } from '../actions/placement/choosePlacement.ts'
import type { PlacementNeeds } from '../actions/placement/needs.ts'
import type { PlacementOffer } from '../actions/placement/placementOffer.ts'
import type { PlacementPlan } from '../actions/placement/plan.ts'
import { surchargesOf } from './surcharges.ts'
import { bruteForce, isWithinLimits, placementOffer } from './testing/smallMarket.ts'

const providers = [1, 2, 3, 4]
const smallMarket = fc
  .array(
    fc.record({
      provider: fc.constantFrom(...providers),
      region: fc.constantFrom('KR-Seoul', 'KR-Busan', 'JP-Tokyo'),
      price: fc.bigInt({ min: 1n, max: 9n }),
      free: fc.integer({ min: 0, max: 3 }),
      gpuCount: fc.constantFrom(1, 1, 2, 4),
      bond: fc.bigInt({ min: 0n, max: 4n }),
      faults: fc.integer({ min: 0, max: 2 }),
      lapses: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 6 },
  )
  .chain(offers =>
    fc.record({
      offers: fc.constant(offers),
      bonds: fc.array(fc.bigInt({ min: 0n, max: 8n }), { minLength: 5, maxLength: 5 }),
    }),
  )
  .map(({ offers, bonds }) =>
    offers.map((offer, index) =>
      placementOffer({ ...offer, offerId: BigInt(index + 1), availableBond: bonds[offer.provider] ?? 0n }),
    ),
  )

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })
const count = fc.integer({ min: 1, max: 4 })
const someNeeds: fc.Arbitrary<PlacementNeeds> = fc
  .record({
    wanted: fc.oneof(
      count.map(machines => ({ machines })),
      fc.integer({ min: 1, max: 6 }).map(gpus => ({ gpus })),
    ),
    unitsPerMachine: fc.constantFrom(1, 1, 2),
    seconds: fc.constantFrom(60, 7),
    spread: optional(fc.constantFrom('providers' as const, 'regions' as const, 'close' as const)),
    maximumPerProvider: optional(count),
    maximumPerRegion: optional(count),
    maximumPricePerHourWei: optional(fc.bigInt({ min: 0n, max: 40_000n })),
    budgetWei: optional(fc.bigInt({ min: 0n, max: 2_000n })),
    regions: optional(fc.record({ prefer: fc.constant(['KR']) })),
  })
  .map(({ wanted, ...rest }) => ({ ...rest, ...wanted, minimumBondSeconds: 0 }))

function weightOf(plan: PlacementPlan, offers: readonly PlacementOffer[]): bigint {
  return plan.machines.reduce((sum, { offerId, pricePerSecondWei, units }) => {
    const offer = offers.find(other => other.offerId === offerId) as PlacementOffer
    const percent = surchargesOf(offer, plan.needs).reduce(
      (total, surcharge) => total + surcharge.percent,
      100,
    )
    return sum + pricePerSecondWei * BigInt(units) * BigInt(percent)
  }, 0n)
}

describe('a plan', () => {
  it('is found whenever one exists, keeps every limit, and none weighs less', () => {
    fc.assert(
      fc.property(smallMarket, someNeeds, (offers, needs) => {
        const placement = choosePlacement(offers, needs)
        const best = bruteForce(offers, needs)
        expect(placement.ok).toBe(best !== undefined)
        if (!placement.ok) return
        const { plan } = placement
        expect(
          isWithinLimits(
            plan.machines.map(({ offerId }) => offerId),
            offers,
            needs,
          ),
        ).toBe(true)
        expect(plan.isBest).toBe(true)
        expect(weightOf(plan, offers)).toBe(best)
        expect(plan.maximumCostWei).toBeLessThanOrEqual(plan.budgetWei)
        expect(plan.maximumCostWei).toBe(
          plan.machines.reduce((sum, machine) => sum + machine.maximumCostWei, 0n),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it('is the same whatever order the offers come in', () => {
    const shuffled = smallMarket.chain(offers =>
      fc.record({
        offers: fc.constant(offers),
        other: fc.shuffledSubarray([...offers], { minLength: offers.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, someNeeds, ({ offers, other }, needs) => {
        expect(choosePlacement(other, needs)).toEqual(choosePlacement(offers, needs))
      }),
    )
  })

  it('gives one reason for every offer: taken, or not', () => {
    fc.assert(
      fc.property(smallMarket, someNeeds, (offers, needs) => {
        const placement = choosePlacement(offers, needs)
        const taken = placement.ok ? placement.plan.machines.map(({ offerId }) => offerId) : []
        const told = [...new Set(taken), ...placement.notTaken.map(({ offerId }) => offerId)]
        expect(told.toSorted()).toEqual(offers.map(({ offerId }) => offerId).toSorted())
      }),
    )
  })

  it('keeps every limit, and says that it may not be the best, when it was not searched to the end', () => {
    fc.assert(
      fc.property(smallMarket, someNeeds, (offers, needs) => {
        const placement = choosePlacement(offers, needs, { maximumSteps: 8 })
        if (!placement.ok) return
        expect(
          isWithinLimits(
            placement.plan.machines.map(({ offerId }) => offerId),
            offers,
            needs,
          ),
        ).toBe(true)
        if (placement.plan.isBest) expect(weightOf(placement.plan, offers)).toBe(bruteForce(offers, needs))
      }),
    )
  })
})
