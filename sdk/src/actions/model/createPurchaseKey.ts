// The key pair that a buyer makes for one purchase, and for no other.
import type { Hex } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { type CurvePoint, isUsablePoint, publicPoint } from './curvePoint.ts'

export type CreatePurchaseKeyReturnType = {
  /** Keep it: it opens the model's key, and is revealed only by a dispute. */
  readonly privateKey: Hex
  /** For `buyModel`. */
  readonly buyerKey: CurvePoint
}

/**
 * Makes a key pair for a purchase.
 *
 * @example
 * import { createPurchaseKey } from '@worldland-aa/sdk/actions/model/createPurchaseKey'
 *
 * const { privateKey, buyerKey } = createPurchaseKey()
 */
export function createPurchaseKey(): CreatePurchaseKeyReturnType {
  const privateKey = generatePrivateKey()
  const buyerKey = publicPoint(privateKey)
  return isUsablePoint(buyerKey) ? { privateKey, buyerKey } : createPurchaseKey()
}
