// Lets somebody else, such as a marketplace, transfer a model.
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

export type ApproveModelParameters = BatchParameters & {
  readonly modelId: bigint
  /** Who may transfer it from now on. */
  readonly operator: Address
}
/** The user operation's hash. */
export type ApproveModelReturnType = BatchReturnType
export type ApproveModelErrorType = BatchErrorType

/**
 * Approves one address for a model (ERC-721); the zero address takes that back. The sender owns the model.
 *
 * @example
 * import { approveModel } from '@worldland-aa/sdk/actions/model/approveModel'
 *
 * const hash = await approveModel(smartAccountClient, { contracts, modelId, operator: marketplace })
 */
export async function approveModel(
  client: SmartAccountClient,
  parameters: ApproveModelParameters,
): Promise<ApproveModelReturnType> {
  return await sendBatch(client, { ...parameters, calls: approveModel.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
approveModel.calls = (
  parameters: WithContracts & Omit<ApproveModelParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, modelId, operator } = parameters
  return [
    toCall(contracts.modelNft, {
      abi: [modelNft.approve],
      functionName: 'approve',
      args: [operator, modelId],
    }),
  ]
}
