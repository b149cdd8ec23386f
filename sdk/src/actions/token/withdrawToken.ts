// Turns compute tokens back into native coin, one to one.
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

export type WithdrawTokenParameters = BatchParameters & {
  /** Who receives the coin. */
  readonly to: Address
  /** Token wei, and as many native wei. */
  readonly amountWei: bigint
}
/** The user operation's hash. */
export type WithdrawTokenReturnType = BatchReturnType
export type WithdrawTokenErrorType = BatchErrorType

/**
 * Burns tokens of the sender and sends as much native coin to an address.
 *
 * @example
 * import { withdrawToken } from '@worldland-aa/sdk/actions/token/withdrawToken'
 * import { parseEther } from 'viem'
 *
 * const hash = await withdrawToken(smartAccountClient, { contracts, to: recipient, amountWei: parseEther('1') })
 */
export async function withdrawToken(
  client: SmartAccountClient,
  parameters: WithdrawTokenParameters,
): Promise<WithdrawTokenReturnType> {
  return await sendBatch(client, { ...parameters, calls: withdrawToken.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
withdrawToken.calls = (
  parameters: WithContracts & Omit<WithdrawTokenParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, to, amountWei } = parameters
  return [
    toCall(contracts.token, {
      abi: [computeToken.withdrawTo],
      functionName: 'withdrawTo',
      args: [to, amountWei],
    }),
  ]
}
