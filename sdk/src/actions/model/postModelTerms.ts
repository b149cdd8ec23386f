// Puts a model, or licences of it, up for sale.
import { type Hex, zeroHash } from 'viem'
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

export type PostModelTermsParameters = BatchParameters & {
  readonly modelId: bigint
  /** The model itself, or the right to use it. */
  readonly sells: 'model' | 'licence'
  /** Token wei; the royalty is part of it. */
  readonly priceWei: bigint
  /** How long a licence lasts. Default: for ever. */
  readonly licenceSeconds?: number | undefined
  /** Hash of the licence's text. */
  readonly termsHash?: Hex | undefined
}
/** The user operation's hash; `TermsPosted` names the terms. */
export type PostModelTermsReturnType = BatchReturnType
export type PostModelTermsErrorType = BatchErrorType

/**
 * Posts terms of sale for a sealed model that the sender owns. They hold as long as it owns the model.
 *
 * @example
 * import { postModelTerms } from '@worldland-aa/sdk/actions/model/postModelTerms'
 * import { parseEther } from 'viem'
 *
 * const hash = await postModelTerms(smartAccountClient, { contracts, modelId, sells: 'licence', priceWei: parseEther('0.5') })
 */
export async function postModelTerms(
  client: SmartAccountClient,
  parameters: PostModelTermsParameters,
): Promise<PostModelTermsReturnType> {
  return await sendBatch(client, { ...parameters, calls: postModelTerms.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
postModelTerms.calls = (
  parameters: WithContracts & Omit<PostModelTermsParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, modelId, sells, priceWei, licenceSeconds = 0, termsHash = zeroHash } = parameters
  return [
    toCall(contracts.modelNft, {
      abi: [modelNft.postTerms],
      functionName: 'postTerms',
      args: [modelId, sells === 'model', priceWei, BigInt(licenceSeconds), termsHash],
    }),
  ]
}
