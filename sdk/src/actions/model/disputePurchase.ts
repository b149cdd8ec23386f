// Proves that a released key is not the promised one, and gets the price back.
import type { Hex } from 'viem'
import * as modelNft from '../../abi/modelNft.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type CurvePoint, sharedPoint } from './curvePoint.ts'

export type DisputePurchaseParameters = BatchParameters & {
  readonly purchaseId: bigint
  /** Of the pair made for this purchase (`createPurchaseKey`). */
  readonly privateKey: Hex
  /** From `getPurchase`. */
  readonly sellerKey: CurvePoint
}
/** The user operation's hash; `PurchaseRefunded` says that it was disproved. */
export type DisputePurchaseReturnType = BatchReturnType
export type DisputePurchaseErrorType = BatchErrorType

/**
 * Disputes a purchase by arithmetic alone; it reveals the purchase's private key. A key that opens what was
 * promised cannot be disputed (`KeyIsGood`).
 *
 * @example
 * import { disputePurchase } from '@worldland-aa/sdk/actions/model/disputePurchase'
 * import { getPurchase } from '@worldland-aa/sdk/actions/model/getPurchase'
 *
 * const { sellerKey } = await getPurchase(publicClient, { contracts, purchaseId })
 * const hash = await disputePurchase(smartAccountClient, { contracts, purchaseId, privateKey, sellerKey })
 */
export async function disputePurchase(
  client: SmartAccountClient,
  parameters: DisputePurchaseParameters,
): Promise<DisputePurchaseReturnType> {
  return await sendBatch(client, { ...parameters, calls: disputePurchase.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
disputePurchase.calls = (
  parameters: WithContracts & Omit<DisputePurchaseParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, purchaseId, privateKey, sellerKey } = parameters
  return [
    toCall(contracts.modelNft, {
      abi: [modelNft.dispute],
      functionName: 'dispute',
      args: [purchaseId, BigInt(privateKey), sharedPoint({ privateKey, point: sellerKey })],
    }),
  ]
}
