// What a choice comes to: machines, what they cost together, and one reason for every offer.
import type { Address } from 'viem'
import type { PlacementNeeds } from './needs.ts'

export type PlannedMachine = {
  readonly offerId: bigint
  readonly provider: Address
  /** The provider's own words, as `gpuModel` is: strangers' texts. */
  readonly region: string
  readonly gpuModel: string
  /** GPUs of the whole machine. */
  readonly gpus: number
  /** Memory of one GPU. */
  readonly vramGiB: number
  readonly units: number
  /** Token wei for one unit and second: the most that `rentMachines` agrees to. */
  readonly pricePerSecondWei: bigint
  readonly seconds: number
  /** Token wei for the whole time of all units, which goes into escrow. */
  readonly maximumCostWei: bigint
  /** Why this one, as a sentence. */
  readonly why: string
}

export type PlacementPlan = {
  readonly needs: PlacementNeeds
  readonly machines: readonly PlannedMachine[]
  /** Token wei an hour for all machines together. */
  readonly pricePerHourWei: bigint
  /** Token wei for the whole time of all machines; what is not used comes back, gas comes on top. */
  readonly maximumCostWei: bigint
  /** What the machines and all that replace them may cost: the needs' budget, else `maximumCostWei`. */
  readonly budgetWei: bigint
  /** Whether no better plan exists. A large market is searched in part; then this one is good. */
  readonly isBest: boolean
}

/** For programs and for counting; `sentence` is for people. */
export type RefusalCode =
  | 'denied'
  | 'model'
  | 'memory'
  | 'region'
  | 'duration'
  | 'price'
  | 'roundTrip'
  | 'record'
  | 'bond'
  | 'capacity'
  | 'spread'
  | 'dearer'
  | 'rest'

export type OfferNotTaken = {
  readonly offerId: bigint
  readonly provider: Address
  readonly code: RefusalCode
  /** As a sentence without its subject: `it costs …`. */
  readonly why: string
}

/** Needs that nothing fits are to be expected: a value and no exception. */
export type Placement =
  | { readonly ok: true; readonly plan: PlacementPlan; readonly notTaken: readonly OfferNotTaken[] }
  | {
      readonly ok: false
      /** What is wrong, as a sentence. */
      readonly problem: string
      readonly remedy: string
      readonly notTaken: readonly OfferNotTaken[]
    }
