// Waits until a rental has landed and finds out which lease it opened.
import { type Hash, parseEventLogs } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import * as instanceLease from '../../abi/instanceLease.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import {
  type WaitForUserOperationErrorType,
  type WaitForUserOperationParameters,
  waitForUserOperation,
} from '../operation/waitForUserOperation.ts'

export type WaitForRentalParameters = WithContracts & WaitForUserOperationParameters
export type WaitForRentalReturnType = {
  readonly leaseId: bigint
  /** Token wei that went into escrow. */
  readonly escrowWei: bigint
  readonly transactionHash: Hash
  readonly receipt: UserOperationReceipt
}
export type WaitForRentalErrorType = WaitForUserOperationErrorType

/**
 * Waits for the user operation of `rentInstance` and returns the lease that it opened.
 *
 * @example
 * import { waitForRental } from '@worldland-aa/sdk/actions/lease/waitForRental'
 *
 * const { leaseId, escrowWei } = await waitForRental(smartAccountClient, { contracts, hash })
 */
export async function waitForRental(
  client: SmartAccountClient,
  parameters: WaitForRentalParameters,
): Promise<WaitForRentalReturnType> {
  const { contracts } = parameters
  const receipt = await waitForUserOperation(client, parameters)
  const [opened] = parseEventLogs({
    abi: [instanceLease.LeaseOpened],
    eventName: 'LeaseOpened',
    logs: receipt.logs.filter(log => log.address.toLowerCase() === contracts.instanceLease.toLowerCase()),
  })
  if (opened === undefined) {
    throw new ComputeError({
      problem: `User operation ${parameters.hash} opened no lease.`,
      remedy: 'Give the hash that rentInstance returned, and the same contracts.',
    })
  }
  const { leaseId, escrowWei } = opened.args
  return { leaseId, escrowWei, transactionHash: receipt.receipt.transactionHash, receipt }
}
