// A provider ends a session; what was not spent goes back to the payer at once.
import * as serverlessSession from '../abi/serverlessSession.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type CloseSessionAsProviderParameters = WithContracts & {
  readonly sessionId: bigint
}
export type CloseSessionAsProviderReturnType = SendCallsReturnType
export type CloseSessionAsProviderErrorType = SendCallsErrorType

/**
 * Closes and finalizes a session. It waives vouchers not redeemed yet: redeem the last one first, in the same
 * batch.
 *
 * @example
 * import { closeSessionAsProvider } from '@worldland-aa/sdk/provider/closeSessionAsProvider'
 *
 * await closeSessionAsProvider(walletClient, { contracts, sessionId })
 */
export async function closeSessionAsProvider(
  client: AccountClient,
  parameters: CloseSessionAsProviderParameters,
): Promise<CloseSessionAsProviderReturnType> {
  return await sendCalls(client, {
    contracts: parameters.contracts,
    calls: closeSessionAsProvider.calls(parameters),
  })
}

/** The calls alone, for a batch of one's own. */
closeSessionAsProvider.calls = (parameters: CloseSessionAsProviderParameters): readonly Call[] => {
  const { contracts, sessionId } = parameters
  return [
    toCall(contracts.serverlessSession, {
      abi: [serverlessSession.close],
      functionName: 'close',
      args: [sessionId],
    }),
  ]
}
