// An offer with what its provider's record and bond say: all that a choice is made from.
import type { Offer } from '../market/offer.ts'

export type PlacementOffer = Offer & {
  readonly record: {
    /** Served, stopped and paid. Can be had for gas, so it counts for nothing; people like to see it. */
    readonly completed: number
    /** Accepted, then not made ready in time. Cannot be undone. */
    readonly lapses: number
    /** Ended by a slash. Cannot be undone. */
    readonly faults: number
  }
  /** Token wei of its provider's bond that is neither locked nor leaving; all of its offers share it. */
  readonly availableBondWei: bigint
}
