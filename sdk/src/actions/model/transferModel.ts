// Hands a model over to another owner, without a sale and without its key.
import type { Address } from 'viem'
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

export type TransferModelParameters = BatchParameters & {
  readonly modelId: bigint
  /** Its present owner. */
  readonly from: Address
  /** Its new owner. */
  readonly to: Address
}
/** The user operation's hash. */
export type TransferModelReturnType = BatchReturnType
export type TransferModelErrorType = BatchErrorType

/**
 * Transfers a model (ERC-721). Its royalties stay its creator's; terms of sale end with the old owner.
 *
 * @example
 * import { transferModel } from '@worldland-aa/sdk/actions/model/transferModel'
 *
 * const hash = await transferModel(smartAccountClient, { contracts, modelId, from: owner, to: friend })
 */
export async function transferModel(
  client: SmartAccountClient,
  parameters: TransferModelParameters,
): Promise<TransferModelReturnType> {
  return await sendBatch(client, { ...parameters, calls: transferModel.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
transferModel.calls = (
  parameters: WithContracts & Omit<TransferModelParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, modelId, from, to } = parameters
  return [
    toCall(contracts.modelNft, {
      abi: [modelNft.transferFrom],
      functionName: 'transferFrom',
      args: [from, to, modelId],
    }),
  ]
}
