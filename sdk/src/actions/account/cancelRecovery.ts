// The owner is still there: voids what the guardians have agreed on.
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

export type CancelRecoveryParameters = BatchParameters
/** The user operation's hash. */
export type CancelRecoveryReturnType = BatchReturnType
export type CancelRecoveryErrorType = BatchErrorType

/**
 * Cancels a recovery, scheduled or not.
 *
 * @example
 * import { cancelRecovery } from '@worldland-aa/sdk/actions/account/cancelRecovery'
 *
 * const hash = await cancelRecovery(computeAccountClient, { contracts })
 */
export async function cancelRecovery(
  client: SmartAccountClient,
  parameters: CancelRecoveryParameters,
): Promise<CancelRecoveryReturnType> {
  const computeAccount = senderOf(client, parameters).address
  return await sendBatch(client, {
    ...parameters,
    calls: cancelRecovery.calls({ ...parameters, computeAccount }),
  })
}

/** The calls alone, for a batch of one's own. */
cancelRecovery.calls = (parameters: { readonly computeAccount: Address }): readonly Call[] => {
  const { computeAccount } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.cancelRecovery],
      functionName: 'cancelRecovery',
      args: [],
    }),
  ]
}
