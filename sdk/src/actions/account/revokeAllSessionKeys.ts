// Ends what all session keys may do.
import type { Address } from 'viem'
import * as accountAbi from '../../abi/computeAccount.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
  senderOf,
} from '../../account/sendBatch.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type RevokeAllSessionKeysParameters = BatchParameters
/** The user operation's hash. */
export type RevokeAllSessionKeysReturnType = BatchReturnType
export type RevokeAllSessionKeysErrorType = BatchErrorType

/**
 * Revokes every session key there is.
 *
 * @example
 * import { revokeAllSessionKeys } from '@worldland-aa/sdk/actions/account/revokeAllSessionKeys'
 *
 * const hash = await revokeAllSessionKeys(computeAccountClient, { contracts })
 */
export async function revokeAllSessionKeys(
  client: SmartAccountClient,
  parameters: RevokeAllSessionKeysParameters,
): Promise<RevokeAllSessionKeysReturnType> {
  const computeAccount = senderOf(client, parameters).address
  return await sendBatch(client, {
    ...parameters,
    calls: revokeAllSessionKeys.calls({ ...parameters, computeAccount }),
  })
}

/** The calls alone, for a batch of one's own. */
revokeAllSessionKeys.calls = (parameters: { readonly computeAccount: Address }): readonly Call[] => {
  const { computeAccount } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.revokeAllSessions],
      functionName: 'revokeAllSessions',
      args: [],
    }),
  ]
}
