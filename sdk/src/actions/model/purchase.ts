// A purchase of a model or licence, and the states it goes through.
import type { Address, Hex } from 'viem'
import type { CurvePoint } from './curvePoint.ts'

/** In the contract's order. */
export const purchaseStates = ['none', 'paid', 'released', 'settled', 'refunded'] as const
export type PurchaseState = (typeof purchaseStates)[number]

export type Purchase = {
  readonly purchaseId: bigint
  readonly termsId: bigint
  readonly state: PurchaseState
  readonly buyer: Address
  /** Last block to release in (paid) or to dispute in (released). */
  readonly deadlineBlock: bigint
  /** What the seller released; zeros before. */
  readonly sellerKey: CurvePoint
  readonly sealedKey: Hex
}
