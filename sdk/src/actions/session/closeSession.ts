// Ends the use of a session. Its provider then has some blocks to redeem its highest vouchers.
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

export type CloseSessionParameters = BatchParameters & {
  readonly sessionId: bigint
}
/** The user operation's hash. */
export type CloseSessionReturnType = BatchReturnType
export type CloseSessionErrorType = BatchErrorType

/**
 * Closes a session: by a holder of `stop`, or by anybody once it has expired. After the challenge window
 * (`getSession` names its last block) `finalizeSession` refunds the rest. A provider closes by
 * `closeSessionAsProvider`, which refunds at once.
 *
 * @example
 * import { closeSession } from '@worldland-aa/sdk/actions/session/closeSession'
 *
 * const hash = await closeSession(smartAccountClient, { contracts, sessionId })
 */
export async function closeSession(
  client: SmartAccountClient,
  parameters: CloseSessionParameters,
): Promise<CloseSessionReturnType> {
  return await sendBatch(client, { ...parameters, calls: closeSession.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
closeSession.calls = (
  parameters: WithContracts & Omit<CloseSessionParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { contracts, sessionId } = parameters
  return [
    toCall(contracts.serverlessSession, {
      abi: [serverlessSession.close],
      functionName: 'close',
      args: [sessionId],
    }),
  ]
}
