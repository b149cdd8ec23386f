// Reads one purchase of a model or licence.
import type { Client, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as modelNft from '../../abi/modelNft.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { type Purchase, purchaseStates } from './purchase.ts'

export type GetPurchaseParameters = WithContracts & { readonly purchaseId: bigint }
export type GetPurchaseReturnType = Purchase
/** A `ComputeError` named `UnknownPurchase` when there is none of this id. */
export type GetPurchaseErrorType = ComputeError | ReadContractErrorType

/**
 * Returns a purchase. The buyer's public key is in `PurchasePaid` alone; the contract keeps its address.
 *
 * @example
 * import { getPurchase } from '@worldland-aa/sdk/actions/model/getPurchase'
 *
 * const { state, sellerKey, sealedKey } = await getPurchase(publicClient, { contracts, purchaseId: 1n })
 */
export async function getPurchase(
  client: Client | SmartAccountClient,
  parameters: GetPurchaseParameters,
): Promise<GetPurchaseReturnType> {
  const { contracts, purchaseId } = parameters
  const purchase = await readContract(chainClientOf(client), {
    address: contracts.modelNft,
    abi: [modelNft.purchaseOf],
    functionName: 'purchaseOf',
    args: [purchaseId],
  }).catch(throwComputeError)
  const state = purchaseStates[purchase.state]
  if (state === undefined) throw new Error(`Purchase ${purchaseId} is in the unknown state ${purchase.state}`)
  const { termsId, buyer, releasableFromBlock, deadlineBlock, refundRequested, sellerKey, sealedKey } =
    purchase
  return {
    purchaseId,
    termsId,
    state,
    buyer,
    releasableFromBlock,
    deadlineBlock,
    isRefundRequested: refundRequested,
    sellerKey,
    sealedKey,
  }
}
