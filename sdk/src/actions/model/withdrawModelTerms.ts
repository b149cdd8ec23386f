// Sells no more under these terms.
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

export type WithdrawModelTermsParameters = BatchParameters & {
  readonly termsId: bigint
}
/** The user operation's hash. */
export type WithdrawModelTermsReturnType = BatchReturnType
export type WithdrawModelTermsErrorType = BatchErrorType

/**
 * Withdraws terms of sale; purchases already paid go on. The sender posted them.
 *
 * @example
 * import { withdrawModelTerms } from '@worldland-aa/sdk/actions/model/withdrawModelTerms'
 *
 * const hash = await withdrawModelTerms(smartAccountClient, { contracts, termsId })
 */
export async function withdrawModelTerms(
  client: SmartAccountClient,
  parameters: WithdrawModelTermsParameters,
): Promise<WithdrawModelTermsReturnType> {
  return await sendBatch(client, { ...parameters, calls: withdrawModelTerms.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
withdrawModelTerms.calls = (
  parameters: WithContracts & Omit<WithdrawModelTermsParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, termsId } = parameters
  return [
    toCall(contracts.modelNft, {
      abi: [modelNft.withdrawTerms],
      functionName: 'withdrawTerms',
      args: [termsId],
    }),
  ]
}
