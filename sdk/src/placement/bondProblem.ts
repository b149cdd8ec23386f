// Whether the bond behind a machine deters its provider from going dark: between two pings that earns ten minutes'
// price, so a bond worth no more than that would pay for it (contracts/GAME.md).
import type { PlacementOffer } from '../actions/placement/placementOffer.ts'

export const deterringSeconds = 600

/** A part of a sentence; undefined if it deters. */
export function bondProblem(offer: PlacementOffer, minimumSeconds = deterringSeconds): string | undefined {
  if (minimumSeconds === 0 || offer.bondPerUnitWei > offer.pricePerSecondWei * BigInt(minimumSeconds)) {
    return undefined
  }
  const { bondPerUnitWei, pricePerSecondWei } = offer
  const worthSeconds = pricePerSecondWei === 0n ? 0n : bondPerUnitWei / pricePerSecondWei
  return `its bond is worth ${worthSeconds} seconds of its price, and more than ${minimumSeconds} are to be at stake`
}
