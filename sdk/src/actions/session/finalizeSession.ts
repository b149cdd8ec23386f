// Refunds what was not spent of a session whose challenge window is over.
import * as serverlessSession from '../../abi/serverlessSession.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type FinalizeSessionParameters = BatchParameters & {
  readonly sessionId: bigint
}
/** The user operation's hash; `SessionFinalized` says what was paid and what came back. */
export type FinalizeSessionReturnType = BatchReturnType
export type FinalizeSessionErrorType = BatchErrorType

/**
 * Finalizes a closed session: the rest of the budget goes back to the payer. Anybody may do it after the
 * window.
 *
 * @example
 * import { finalizeSession } from '@worldland-aa/sdk/actions/session/finalizeSession'
 *
 * const hash = await finalizeSession(smartAccountClient, { contracts, sessionId })
 */
export async function finalizeSession(
  client: SmartAccountClient,
  parameters: FinalizeSessionParameters,
): Promise<FinalizeSessionReturnType> {
  return await sendBatch(client, { ...parameters, calls: finalizeSession.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
finalizeSession.calls = (
  parameters: WithContracts & Omit<FinalizeSessionParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, sessionId } = parameters
  return [
    toCall(contracts.serverlessSession, {
      abi: [serverlessSession.finalize],
      functionName: 'finalize',
      args: [sessionId],
    }),
  ]
}
