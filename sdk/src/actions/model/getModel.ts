// Reads one model: whose it is, where it comes from, and what it owes.
import { type Address, type Client, type Hex, type ReadContractErrorType, zeroHash } from 'viem'
import { readContract } from 'viem/actions'
import * as modelNft from '../../abi/modelNft.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'

export type GetModelParameters = WithContracts & { readonly modelId: bigint }
export type Model = {
  readonly modelId: bigint
  /** Who minted it and earns its royalties, whoever owns it. */
  readonly creator: Address
  readonly owner: Address
  readonly recordId: Hex
  /** Undefined: its artifacts are not encrypted, so there is no key to sell. */
  readonly keyHash: Hex | undefined
  /** Share of every sale that is royalty, in 1/10000. */
  readonly royaltyBps: number
  /** Share of its children's royalties that it asks for, in 1/10000. */
  readonly lineageBps: number
  /** Royalties not yet divided, token wei. */
  readonly undividedWei: bigint
  readonly parents: readonly bigint[]
  readonly uri: string
}
export type GetModelReturnType = Model
/** A `ComputeError` named `UnknownModel` when there is none of this id. */
export type GetModelErrorType = ComputeError | ReadContractErrorType

/**
 * Returns a model.
 *
 * @example
 * import { getModel } from '@worldland-aa/sdk/actions/model/getModel'
 *
 * const { owner, recordId, royaltyBps } = await getModel(publicClient, { contracts, modelId })
 */
export async function getModel(
  client: Client | SmartAccountClient,
  parameters: GetModelParameters,
): Promise<GetModelReturnType> {
  const { contracts, modelId } = parameters
  const chainClient = chainClientOf(client)
  const model = {
    address: contracts.modelNft,
    abi: [modelNft.modelOf, modelNft.ownerOf, modelNft.tokenURI],
    args: [modelId],
  } as const
  const [struct, owner, uri] = await Promise.all([
    readContract(chainClient, { ...model, functionName: 'modelOf' }),
    readContract(chainClient, { ...model, functionName: 'ownerOf' }),
    readContract(chainClient, { ...model, functionName: 'tokenURI' }),
  ]).catch(throwComputeError)
  return {
    ...struct,
    modelId,
    owner,
    uri,
    keyHash: struct.keyHash === zeroHash ? undefined : struct.keyHash,
  }
}
