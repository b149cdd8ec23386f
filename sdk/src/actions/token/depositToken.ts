// Turns native coin into compute tokens, one to one.
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

export type DepositTokenParameters = BatchParameters & {
  /** Who receives the tokens. */
  readonly to: Address
  /** Native wei, and as many token wei. */
  readonly amountWei: bigint
}
/** The user operation's hash. */
export type DepositTokenReturnType = BatchReturnType
export type DepositTokenErrorType = BatchErrorType

/**
 * Deposits native coin of the sender and gives as many tokens to an account.
 *
 * @example
 * import { depositToken } from '@worldland-aa/sdk/actions/token/depositToken'
 * import { parseEther } from 'viem'
 *
 * const hash = await depositToken(smartAccountClient, { contracts, to: account.address, amountWei: parseEther('1') })
 */
export async function depositToken(
  client: SmartAccountClient,
  parameters: DepositTokenParameters,
): Promise<DepositTokenReturnType> {
  return await sendBatch(client, { ...parameters, calls: depositToken.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
depositToken.calls = (
  parameters: WithContracts & Omit<DepositTokenParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, to, amountWei } = parameters
  return [
    {
      ...toCall(contracts.token, { abi: [computeToken.depositTo], functionName: 'depositTo', args: [to] }),
      value: amountWei,
    },
  ]
}
