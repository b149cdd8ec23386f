// Ends what one session key may do.
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

export type RevokeSessionKeyParameters = BatchParameters & {
  readonly sessionKeyId: bigint
}
/** The user operation's hash. */
export type RevokeSessionKeyReturnType = BatchReturnType
export type RevokeSessionKeyErrorType = BatchErrorType

/**
 * Revokes a session key; its operations that wait in a mempool fail.
 *
 * @example
 * import { revokeSessionKey } from '@worldland-aa/sdk/actions/account/revokeSessionKey'
 *
 * const hash = await revokeSessionKey(computeAccountClient, { contracts, sessionKeyId: 1n })
 */
export async function revokeSessionKey(
  client: SmartAccountClient,
  parameters: RevokeSessionKeyParameters,
): Promise<RevokeSessionKeyReturnType> {
  const computeAccount = senderOf(client, parameters).address
  return await sendBatch(client, {
    ...parameters,
    calls: revokeSessionKey.calls({ ...parameters, computeAccount }),
  })
}

/** The calls alone, for a batch of one's own. */
revokeSessionKey.calls = (
  parameters: { readonly computeAccount: Address } & Omit<RevokeSessionKeyParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { computeAccount, sessionKeyId } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.revokeSession],
      functionName: 'revokeSession',
      args: [sessionKeyId],
    }),
  ]
}
