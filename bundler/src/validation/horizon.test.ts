import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainProfileOf, longGapSeconds } from '../chains/chainProfile.ts'
import { beginsWithin, createHorizon, earliestEndSeconds, outlasts, type Purpose } from './horizon.ts'

const seconds = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 })
const margin = fc.integer({ min: 1, max: 3_600 })
const purpose = fc.constantFrom<Purpose>('admission', 'bundle', 'flight')
const horizonAt = (clockSeconds: number, marginSeconds: number) =>
  createHorizon({ clock: { now: () => clockSeconds * 1000 + 999 }, marginSeconds })

describe('how long an operation must hold', () => {
  it('is measured from the last block or the clock, whichever is later', () => {
    fc.assert(
      fc.property(seconds, seconds, margin, purpose, (head, clock, marginSeconds, purpose) => {
        const horizon = horizonAt(clock, marginSeconds)({ timestamp: BigInt(head) }, purpose)
        expect(horizon.presentSeconds).toBe(Math.max(head, clock))
        const end = earliestEndSeconds({ validAfter: 0 }, horizon)
        expect(outlasts({ validAfter: 0, validUntil: end }, horizon)).toBe(true)
        expect(outlasts({ validAfter: 0, validUntil: end - 1 }, horizon)).toBe(false)
        expect(outlasts({ validAfter: 0, validUntil: 0 }, horizon)).toBe(true)
      }),
    )
  })

  it('is counted from its own beginning where that is still to come', () => {
    fc.assert(
      fc.property(seconds, margin, purpose, fc.nat(7_200), (now, marginSeconds, purpose, ahead) => {
        const horizon = horizonAt(now, marginSeconds)({ timestamp: 0n }, purpose)
        const period = { validAfter: now + ahead, validUntil: now + ahead + horizon.marginSeconds }
        expect(outlasts(period, horizon)).toBe(true)
        expect(beginsWithin(period, horizon)).toBe(ahead <= horizon.marginSeconds)
      }),
    )
  })

  it('is longest when it is accepted, so that what was accepted can still be sent, and shortest when it is on its way', () => {
    fc.assert(
      fc.property(seconds, margin, (now, marginSeconds) => {
        const [admission, bundle, flight] = (['admission', 'bundle', 'flight'] as const).map(
          purpose => horizonAt(now, marginSeconds)({ timestamp: 0n }, purpose).marginSeconds,
        ) as [number, number, number]
        expect(admission).toBeGreaterThan(bundle)
        expect(bundle).toBeGreaterThanOrEqual(flight)
      }),
    )
  })

  it('follows the mean gap between blocks of the chain: on WorldLand one gap in four hundred is longer', () => {
    const profile = chainProfileOf(103)
    const longer = Math.exp(-longGapSeconds(profile) / profile.blockTimeSeconds)
    expect(longGapSeconds(profile)).toBe(60)
    expect(longer).toBeLessThan(1 / 400)
  })
})
