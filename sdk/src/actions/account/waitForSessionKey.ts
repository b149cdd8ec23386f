// Waits until a session key is granted and finds out which one it is.
import { type Hash, isAddressEqual, parseEventLogs } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import * as computeAccount from '../../abi/computeAccount.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import {
  type WaitForUserOperationErrorType,
  type WaitForUserOperationParameters,
  waitForUserOperation,
} from '../operation/waitForUserOperation.ts'

export type WaitForSessionKeyParameters = WaitForUserOperationParameters
export type WaitForSessionKeyReturnType = {
  readonly sessionKeyId: bigint
  readonly transactionHash: Hash
  readonly receipt: UserOperationReceipt
}
export type WaitForSessionKeyErrorType = WaitForUserOperationErrorType

/**
 * Waits for the user operation of `grantSessionKey` and returns the session key's id.
 *
 * @example
 * import { waitForSessionKey } from '@worldland-aa/sdk/actions/account/waitForSessionKey'
 *
 * const { sessionKeyId } = await waitForSessionKey(computeAccountClient, { hash })
 */
export async function waitForSessionKey(
  client: SmartAccountClient,
  parameters: WaitForSessionKeyParameters,
): Promise<WaitForSessionKeyReturnType> {
  const receipt = await waitForUserOperation(client, parameters)
  const [granted] = parseEventLogs({
    abi: [computeAccount.SessionGranted],
    eventName: 'SessionGranted',
    logs: receipt.logs.filter(log => isAddressEqual(log.address, receipt.sender)),
  })
  if (granted === undefined) {
    throw new ComputeError({
      problem: `User operation ${parameters.hash} granted no session key.`,
      remedy: 'Give the hash that grantSessionKey returned.',
    })
  }
  const { transactionHash } = receipt.receipt
  return { sessionKeyId: granted.args.sessionId, transactionHash, receipt }
}
