// Whether somebody may use a model.
import type { Address, Client, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as modelNft from '../../abi/modelNft.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'

export type IsLicensedParameters = WithContracts & { readonly modelId: bigint; readonly user: Address }
export type IsLicensedReturnType = boolean
export type IsLicensedErrorType = ReadContractErrorType

/**
 * Returns whether an account owns a model or has a licence that is not over.
 *
 * @example
 * import { isLicensed } from '@worldland-aa/sdk/actions/model/isLicensed'
 *
 * const mayUse = await isLicensed(publicClient, { contracts, modelId, user })
 */
export async function isLicensed(
  client: Client | SmartAccountClient,
  parameters: IsLicensedParameters,
): Promise<IsLicensedReturnType> {
  const { contracts, modelId, user } = parameters
  return await readContract(chainClientOf(client), {
    address: contracts.modelNft,
    abi: [modelNft.isLicensed],
    functionName: 'isLicensed',
    args: [modelId, user],
  })
}
