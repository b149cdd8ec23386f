// Reads terms of sale.
import type { Address, Client, Hex, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as modelNft from '../../abi/modelNft.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'

export type GetModelTermsParameters = WithContracts & { readonly termsId: bigint }
export type ModelTerms = {
  readonly termsId: bigint
  readonly modelId: bigint
  readonly sells: 'model' | 'licence'
  readonly seller: Address
  /** Token wei, the royalty included. */
  readonly priceWei: bigint
  /** Undefined: for ever. */
  readonly licenceSeconds: bigint | undefined
  readonly termsHash: Hex
  readonly withdrawn: boolean
}
export type GetModelTermsReturnType = ModelTerms
/** A `ComputeError` named `UnknownTerms` when there are none of this id. */
export type GetModelTermsErrorType = ComputeError | ReadContractErrorType

/**
 * Returns terms of sale. They hold until they are withdrawn or the model changes hands.
 *
 * @example
 * import { getModelTerms } from '@worldland-aa/sdk/actions/model/getModelTerms'
 *
 * const { sells, priceWei } = await getModelTerms(publicClient, { contracts, termsId: 1n })
 */
export async function getModelTerms(
  client: Client | SmartAccountClient,
  parameters: GetModelTermsParameters,
): Promise<GetModelTermsReturnType> {
  const { contracts, termsId } = parameters
  const {
    sellsModel,
    durationSeconds,
    handoverCount: _,
    ...terms
  } = await readContract(chainClientOf(client), {
    address: contracts.modelNft,
    abi: [modelNft.termsOf],
    functionName: 'termsOf',
    args: [termsId],
  }).catch(throwComputeError)
  return {
    ...terms,
    termsId,
    sells: sellsModel ? 'model' : 'licence',
    licenceSeconds: durationSeconds === 0n ? undefined : durationSeconds,
  }
}
