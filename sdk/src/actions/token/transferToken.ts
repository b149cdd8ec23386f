// Pays somebody in the compute token.
import type { Address } from 'viem'
import * as computeToken from '../../abi/computeToken.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type TransferTokenParameters = BatchParameters & {
  readonly to: Address
  /** Token wei. */
  readonly amountWei: bigint
}
/** The user operation's hash. */
export type TransferTokenReturnType = BatchReturnType
export type TransferTokenErrorType = BatchErrorType

/**
 * Transfers compute tokens of the sender.
 *
 * @example
 * import { transferToken } from '@worldland-aa/sdk/actions/token/transferToken'
 * import { parseEther } from 'viem'
 *
 * const hash = await transferToken(smartAccountClient, { contracts, to: friend, amountWei: parseEther('1') })
 */
export async function transferToken(
  client: SmartAccountClient,
  parameters: TransferTokenParameters,
): Promise<TransferTokenReturnType> {
  return await sendBatch(client, { ...parameters, calls: transferToken.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
transferToken.calls = (
  parameters: WithContracts & Omit<TransferTokenParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, to, amountWei } = parameters
  return [
    toCall(contracts.token, {
      abi: [computeToken.transfer],
      functionName: 'transfer',
      args: [to, amountWei],
    }),
  ]
}
