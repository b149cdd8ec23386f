// A buyer whose key does not come asks for its money.
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

export type RequestPurchaseRefundParameters = BatchParameters & {
  readonly purchaseId: bigint
}
/** The user operation's hash; `RefundRequested` names the last block in which the money waits for the key. */
export type RequestPurchaseRefundReturnType = BatchReturnType
export type RequestPurchaseRefundErrorType = BatchErrorType

/**
 * Asks for the price of a paid purchase: the buyer, once the time to release the key is over. The seller then has an
 * hour of blocks left, so that a key on its way is not lost to it; afterwards `refundPurchase` gives the money back.
 *
 * @example
 * import { requestPurchaseRefund } from '@worldland-aa/sdk/actions/model/requestPurchaseRefund'
 *
 * const hash = await requestPurchaseRefund(smartAccountClient, { contracts, purchaseId })
 */
export async function requestPurchaseRefund(
  client: SmartAccountClient,
  parameters: RequestPurchaseRefundParameters,
): Promise<RequestPurchaseRefundReturnType> {
  return await sendBatch(client, { ...parameters, calls: requestPurchaseRefund.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
requestPurchaseRefund.calls = (
  parameters: WithContracts & Omit<RequestPurchaseRefundParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, purchaseId } = parameters
  return [
    toCall(contracts.modelNft, {
      abi: [modelNft.requestRefund],
      functionName: 'requestRefund',
      args: [purchaseId],
    }),
  ]
}
