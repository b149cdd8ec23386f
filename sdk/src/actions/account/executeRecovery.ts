// Makes the owner that the guardians agreed on the owner, once the delay is over.
import type { Address } from 'viem'
import * as accountAbi from '../../abi/computeAccount.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type ExecuteRecoveryParameters = BatchParameters & {
  /** The account to recover. */
  readonly computeAccount: Address
}
/** The user operation's hash. */
export type ExecuteRecoveryReturnType = BatchReturnType
export type ExecuteRecoveryErrorType = BatchErrorType

/**
 * Executes a scheduled recovery. Anybody may do it; session keys end.
 *
 * @example
 * import { executeRecovery } from '@worldland-aa/sdk/actions/account/executeRecovery'
 *
 * const hash = await executeRecovery(smartAccountClient, { contracts, computeAccount })
 */
export async function executeRecovery(
  client: SmartAccountClient,
  parameters: ExecuteRecoveryParameters,
): Promise<ExecuteRecoveryReturnType> {
  return await sendBatch(client, { ...parameters, calls: executeRecovery.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
executeRecovery.calls = (
  parameters: Omit<ExecuteRecoveryParameters, keyof BatchParameters>,
): readonly Call[] => {
  const { computeAccount } = parameters
  return [
    toCall(computeAccount, {
      abi: [accountAbi.executeRecovery],
      functionName: 'executeRecovery',
      args: [],
    }),
  ]
}
