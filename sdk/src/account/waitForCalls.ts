// Waits for whatever an account sent: one user operation, or transactions.
import type { Client } from 'viem'
import {
  type WaitForUserOperationErrorType,
  waitForUserOperation,
} from '../actions/operation/waitForUserOperation.ts'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import type { AccountClient, SendCallsReturnType } from './sendCalls.ts'
import { type TransactionRevertedError, waitForTransaction } from './waitForTransaction.ts'

export type WaitForCallsErrorType = WaitForUserOperationErrorType | TransactionRevertedError

/**
 * Waits until all that was sent has landed; throws when a part of it failed.
 *
 * @example
 * import { waitForCalls } from '@worldland-aa/sdk/account/waitForCalls'
 * import { acceptLease } from '@worldland-aa/sdk/provider/acceptLease'
 *
 * await waitForCalls(walletClient, await acceptLease(walletClient, { contracts, leaseId: 1n }))
 */
export async function waitForCalls(client: AccountClient, sent: SendCallsReturnType): Promise<void> {
  if (sent.kind === 'userOperation') {
    await waitForUserOperation(client as SmartAccountClient, { hash: sent.userOperationHash })
    return
  }
  for (const hash of sent.transactionHashes) await waitForTransaction(client as Client, { hash })
}
