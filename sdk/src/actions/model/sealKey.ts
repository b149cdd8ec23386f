// A seller seals a model's key so that one buyer alone can open it.
import { encodeAbiParameters, type Hex, keccak256, numberToHex } from 'viem'
import { createPurchaseKey } from './createPurchaseKey.ts'
import { type CurvePoint, sharedPoint } from './curvePoint.ts'

/** What a seller publishes. */
export type SealedKey = {
  readonly sellerKey: CurvePoint
  readonly sealedKey: Hex
}

export type SealKeyParameters = {
  /** The 32 bytes that the artifacts are encrypted with. */
  readonly key: Hex
  /** From `PurchasePaid`. */
  readonly buyerKey: CurvePoint
}
export type SealKeyReturnType = SealedKey

/**
 * Seals a key to a buyer's public key, for `releaseModelKey`.
 *
 * @example
 * import { sealKey } from '@worldland-aa/sdk/actions/model/sealKey'
 *
 * const sealed = sealKey({ key, buyerKey })
 */
export function sealKey({ key, buyerKey }: SealKeyParameters): SealKeyReturnType {
  const pair = createPurchaseKey()
  const shared = sharedPoint({ privateKey: pair.privateKey, point: buyerKey })
  return { sellerKey: pair.buyerKey, sealedKey: maskWith(key, shared) }
}

/** The same masks and unmasks: `key XOR keccak256(x)`. */
export function maskWith(key: Hex, shared: CurvePoint): Hex {
  const mask = keccak256(encodeAbiParameters([{ type: 'uint256' }], [shared.x]))
  return numberToHex(BigInt(key) ^ BigInt(mask), { size: 32 })
}
