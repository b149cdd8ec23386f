// Takes in what marketplaces paid to a model's royalty address (ERC-2981).
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

export type CollectRoyaltiesParameters = BatchParameters & {
  readonly modelId: bigint
}
/** The user operation's hash. */
export type CollectRoyaltiesReturnType = BatchReturnType
export type CollectRoyaltiesErrorType = BatchErrorType

/**
 * Collects a model's royalties from its vault, coins as tokens. Anybody may do it; `divideRoyalties` comes
 * next.
 *
 * @example
 * import { collectRoyalties } from '@worldland-aa/sdk/actions/model/collectRoyalties'
 *
 * const hash = await collectRoyalties(smartAccountClient, { contracts, modelId })
 */
export async function collectRoyalties(
  client: SmartAccountClient,
  parameters: CollectRoyaltiesParameters,
): Promise<CollectRoyaltiesReturnType> {
  return await sendBatch(client, { ...parameters, calls: collectRoyalties.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
collectRoyalties.calls = (
  parameters: WithContracts & Omit<CollectRoyaltiesParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, modelId } = parameters
  return [toCall(contracts.modelNft, { abi: [modelNft.collect], functionName: 'collect', args: [modelId] })]
}
