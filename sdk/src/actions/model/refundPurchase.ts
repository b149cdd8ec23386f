// Gives the price of a purchase back whose key was never released.
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

export type RefundPurchaseParameters = BatchParameters & {
  readonly purchaseId: bigint
}
/** The user operation's hash. */
export type RefundPurchaseReturnType = BatchReturnType
export type RefundPurchaseErrorType = BatchErrorType

/**
 * Refunds a paid purchase: the seller at any time, anybody an hour of blocks after the buyer asked for its money
 * (`requestPurchaseRefund`).
 *
 * @example
 * import { refundPurchase } from '@worldland-aa/sdk/actions/model/refundPurchase'
 *
 * const hash = await refundPurchase(smartAccountClient, { contracts, purchaseId })
 */
export async function refundPurchase(
  client: SmartAccountClient,
  parameters: RefundPurchaseParameters,
): Promise<RefundPurchaseReturnType> {
  return await sendBatch(client, { ...parameters, calls: refundPurchase.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
refundPurchase.calls = (
  parameters: WithContracts & Omit<RefundPurchaseParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, purchaseId } = parameters
  return [toCall(contracts.modelNft, { abi: [modelNft.refund], functionName: 'refund', args: [purchaseId] })]
}
