// A guardian wants a new owner for an account whose key is lost.
import type { Address } from 'viem'
import * as accountAbi from '../../abi/computeAccount.ts'
import { type Call, toCall } from '../../account/call.ts'
import { type ComputeAccountOwner, toOwnerBytes } from '../../account/ownerBytes.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type SupportRecoveryParameters = BatchParameters & {
  /** The account to recover. */
  readonly computeAccount: Address
  readonly newOwner: ComputeAccountOwner
}
/** The user operation's hash. */
export type SupportRecoveryReturnType = BatchReturnType
export type SupportRecoveryErrorType = BatchErrorType

/**
 * Supports a recovery; the support that reaches the threshold schedules it (`RecoveryScheduled`).
 *
 * @example
 * import { supportRecovery } from '@worldland-aa/sdk/actions/account/supportRecovery'
 *
 * const hash = await supportRecovery(guardianClient, { contracts, computeAccount, newOwner })
 */
export async function supportRecovery(
  client: SmartAccountClient,
  parameters: SupportRecoveryParameters,
): Promise<SupportRecoveryReturnType> {
  return await sendBatch(client, { ...parameters, calls: supportRecovery.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
supportRecovery.calls = (
  parameters: Omit<SupportRecoveryParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { computeAccount, newOwner } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.supportRecovery],
      functionName: 'supportRecovery',
      args: [toOwnerBytes(newOwner)],
    }),
  ]
}
