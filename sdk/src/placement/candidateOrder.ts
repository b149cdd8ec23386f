// In which order candidates are looked at: the least weight for what it brings first. A total order, so that a choice
// never depends on the order in which the offers came.
import type { Candidate } from './judgeOffer.ts'

type Ordered = Pick<Candidate, 'weight' | 'gain' | 'priceWei' | 'offer'>

export function byWeight(left: Ordered, right: Ordered): number {
  return (
    compare(left.weight * BigInt(right.gain), right.weight * BigInt(left.gain)) ||
    compare(left.priceWei * BigInt(right.gain), right.priceWei * BigInt(left.gain)) ||
    compare(left.offer.offerId, right.offer.offerId)
  )
}

/** As people read a plan. */
export function byPrice(left: Ordered, right: Ordered): number {
  return compare(left.priceWei, right.priceWei) || compare(left.offer.offerId, right.offer.offerId)
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0
}
