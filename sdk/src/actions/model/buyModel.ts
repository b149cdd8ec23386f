// Buys a model, or a licence of it, with one signature: one user operation approves the price and pays it
// into escrow, from where the seller has it once the key is released.
import type { Client, ReadContractErrorType } from 'viem'
import * as modelNft from '../../abi/modelNft.ts'
import { approveCall } from '../../account/approveCall.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { CurvePoint } from './curvePoint.ts'
import { getModelTerms } from './getModelTerms.ts'

export type BuyModelParameters = BatchParameters & {
  readonly termsId: bigint
  /** From `createPurchaseKey`, made for this purchase alone. */
  readonly buyerKey: CurvePoint
}
/** The user operation's hash; `PurchasePaid` (see `waitForComputeEvent`) names the purchase. */
export type BuyModelReturnType = BatchReturnType
export type BuyModelErrorType = ReadContractErrorType | BatchErrorType

/**
 * Buys what the terms sell. The seller then has a day of blocks to release the key, after which the buyer may ask for
 * its money (`requestPurchaseRefund`); once released, the buyer has as long to try it.
 *
 * @example
 * import { buyModel } from '@worldland-aa/sdk/actions/model/buyModel'
 * import { createPurchaseKey } from '@worldland-aa/sdk/actions/model/createPurchaseKey'
 *
 * const { privateKey, buyerKey } = createPurchaseKey()
 * const hash = await buyModel(smartAccountClient, { contracts, termsId, buyerKey })
 */
export async function buyModel(
  client: SmartAccountClient,
  parameters: BuyModelParameters,
): Promise<BuyModelReturnType> {
  const { contracts, termsId } = parameters
  const { priceWei } = await getModelTerms(client as Client, { contracts, termsId })
  return await sendBatch(client, { ...parameters, calls: buyModel.calls({ ...parameters, priceWei }) })
}

/** The calls alone, for a batch of one's own. */
buyModel.calls = (
  parameters: WithContracts & {
    readonly termsId: bigint
    readonly buyerKey: CurvePoint
    /** Of the terms. */
    readonly priceWei: bigint
  },
): readonly Call[] => {
  const { contracts, termsId, buyerKey, priceWei } = parameters
  return [
    approveCall({ token: contracts.token, spender: contracts.modelNft, amountWei: priceWei }),
    toCall(contracts.modelNft, { abi: [modelNft.buy], functionName: 'buy', args: [termsId, buyerKey] }),
  ]
}
