// Adds to the budget of an open session.
import * as serverlessSession from '../../abi/serverlessSession.ts'
import { approveCall } from '../../account/approveCall.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type TopUpSessionParameters = BatchParameters & {
  readonly sessionId: bigint
  /** Token wei. */
  readonly amountWei: bigint
}
/** The user operation's hash. */
export type TopUpSessionReturnType = BatchReturnType
export type TopUpSessionErrorType = BatchErrorType

/**
 * Tops a session up: approves and pays the amount into its escrow. Anybody may do it; the rest goes to the
 * payer.
 *
 * @example
 * import { topUpSession } from '@worldland-aa/sdk/actions/session/topUpSession'
 * import { parseEther } from 'viem'
 *
 * const hash = await topUpSession(smartAccountClient, { contracts, sessionId, amountWei: parseEther('1') })
 */
export async function topUpSession(
  client: SmartAccountClient,
  parameters: TopUpSessionParameters,
): Promise<TopUpSessionReturnType> {
  return await sendBatch(client, { ...parameters, calls: topUpSession.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
topUpSession.calls = (
  parameters: WithContracts & Omit<TopUpSessionParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, sessionId, amountWei } = parameters
  return [
    approveCall({ token: contracts.token, spender: contracts.serverlessSession, amountWei: amountWei }),
    toCall(contracts.serverlessSession, {
      abi: [serverlessSession.topUp],
      functionName: 'topUp',
      args: [sessionId, amountWei],
    }),
  ]
}
