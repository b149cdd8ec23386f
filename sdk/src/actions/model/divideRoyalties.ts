// Divides a model's royalties between its parents and its creator.
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

export type DivideRoyaltiesParameters = BatchParameters & {
  readonly modelId: bigint
}
/** The user operation's hash. */
export type DivideRoyaltiesReturnType = BatchReturnType
export type DivideRoyaltiesErrorType = BatchErrorType

/**
 * Divides what has come in: each parent gets its share undivided, the creator the rest as credit. Anybody may
 * do it.
 *
 * @example
 * import { divideRoyalties } from '@worldland-aa/sdk/actions/model/divideRoyalties'
 *
 * const hash = await divideRoyalties(smartAccountClient, { contracts, modelId })
 */
export async function divideRoyalties(
  client: SmartAccountClient,
  parameters: DivideRoyaltiesParameters,
): Promise<DivideRoyaltiesReturnType> {
  return await sendBatch(client, { ...parameters, calls: divideRoyalties.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
divideRoyalties.calls = (
  parameters: WithContracts & Omit<DivideRoyaltiesParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, modelId } = parameters
  return [toCall(contracts.modelNft, { abi: [modelNft.divide], functionName: 'divide', args: [modelId] })]
}
