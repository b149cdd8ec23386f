// Pays the seller of a model or licence whose key has been released.
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

export type SettlePurchaseParameters = BatchParameters & {
  readonly purchaseId: bigint
}
/** The user operation's hash; `PurchaseSettled` says who got what. */
export type SettlePurchaseReturnType = BatchReturnType
export type SettlePurchaseErrorType = BatchErrorType

/**
 * Settles a purchase: the buyer at any time, anybody once the dispute window is over. The royalty stays with
 * the model (`divideRoyalties`), the rest is the seller's credit (`withdrawRoyalties`).
 *
 * @example
 * import { settlePurchase } from '@worldland-aa/sdk/actions/model/settlePurchase'
 *
 * const hash = await settlePurchase(smartAccountClient, { contracts, purchaseId })
 */
export async function settlePurchase(
  client: SmartAccountClient,
  parameters: SettlePurchaseParameters,
): Promise<SettlePurchaseReturnType> {
  return await sendBatch(client, { ...parameters, calls: settlePurchase.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
settlePurchase.calls = (
  parameters: WithContracts & Omit<SettlePurchaseParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, purchaseId } = parameters
  return [toCall(contracts.modelNft, { abi: [modelNft.settle], functionName: 'settle', args: [purchaseId] })]
}
