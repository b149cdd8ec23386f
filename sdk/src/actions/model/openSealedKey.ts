// A buyer opens what the seller released, and sees whether it is what was promised.
import type { Hex } from 'viem'
import { sharedPoint } from './curvePoint.ts'
import { hashModelKey } from './modelSeal.ts'
import { maskWith, type SealedKey } from './sealKey.ts'

export type OpenSealedKeyParameters = {
  /** From `createPurchaseKey`. */
  readonly privateKey: Hex
  /** From `KeyReleased`, or `getPurchase`. */
  readonly sealed: SealedKey
  /** From `getModel`. */
  readonly keyHash: Hex
}
export type OpenSealedKeyReturnType = {
  readonly key: Hex
  /** Whether it is the promised one: settle then (`settlePurchase`), and dispute otherwise (`disputePurchase`). */
  readonly isPromised: boolean
}

/**
 * Opens a sealed key.
 *
 * @example
 * import { openSealedKey } from '@worldland-aa/sdk/actions/model/openSealedKey'
 *
 * const { key, isPromised } = openSealedKey({ privateKey, sealed, keyHash })
 */
export function openSealedKey(parameters: OpenSealedKeyParameters): OpenSealedKeyReturnType {
  const { privateKey, sealed, keyHash } = parameters
  const shared = sharedPoint({ privateKey, point: sealed.sellerKey })
  const key = maskWith(sealed.sealedKey, shared)
  return { key, isPromised: hashModelKey(key) === keyHash.toLowerCase() }
}
