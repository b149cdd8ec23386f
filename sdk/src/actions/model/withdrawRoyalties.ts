// Pays out what a creator or seller has earned.
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

export type WithdrawRoyaltiesParameters = BatchParameters & {
  /** Whose credit is paid, to itself. */
  readonly creditor: Address
}
/** The user operation's hash. */
export type WithdrawRoyaltiesReturnType = BatchReturnType
export type WithdrawRoyaltiesErrorType = BatchErrorType

/**
 * Pays an account its credit of royalties and sales. Anybody may do it.
 *
 * @example
 * import { withdrawRoyalties } from '@worldland-aa/sdk/actions/model/withdrawRoyalties'
 *
 * const hash = await withdrawRoyalties(smartAccountClient, { contracts, creditor: smartAccountClient.account.address })
 */
export async function withdrawRoyalties(
  client: SmartAccountClient,
  parameters: WithdrawRoyaltiesParameters,
): Promise<WithdrawRoyaltiesReturnType> {
  return await sendBatch(client, { ...parameters, calls: withdrawRoyalties.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
withdrawRoyalties.calls = (
  parameters: WithContracts & Omit<WithdrawRoyaltiesParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, creditor } = parameters
  return [
    toCall(contracts.modelNft, { abi: [modelNft.withdraw], functionName: 'withdraw', args: [creditor] }),
  ]
}
