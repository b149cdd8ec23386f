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
  /** First block to release the key in: by then the payment is deep enough. */
  readonly releasableFromBlock: bigint
  /**
   * Paid: the last block before the buyer may ask for its money or, once it has, before it may have it. Released: the
   * last block to dispute in.
   */
  readonly deadlineBlock: bigint
  /** The buyer has asked for its money. */
  readonly isRefundRequested: boolean
  /** What the seller released; zeros before. */
  readonly sellerKey: CurvePoint
  readonly sealedKey: Hex
}
