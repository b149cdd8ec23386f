// Waits until a lease is paid out and says who got what.
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

export type WaitForSettlementParameters = WithContracts & WaitForUserOperationParameters
/** Token wei; the three amounts sum to the escrow. */
export type WaitForSettlementReturnType = {
  readonly leaseId: bigint
  readonly providerWei: bigint
  readonly brokerWei: bigint
  readonly refundWei: bigint
  readonly transactionHash: Hash
  readonly receipt: UserOperationReceipt
}
export type WaitForSettlementErrorType = WaitForUserOperationErrorType

/**
 * Waits for the user operation of `stopLease` or `claimFault` and returns what was paid to whom.
 *
 * @example
 * import { waitForSettlement } from '@worldland-aa/sdk/actions/lease/waitForSettlement'
 *
 * const { providerWei, refundWei } = await waitForSettlement(smartAccountClient, { contracts, hash })
 */
export async function waitForSettlement(
  client: SmartAccountClient,
  parameters: WaitForSettlementParameters,
): Promise<WaitForSettlementReturnType> {
  const { contracts } = parameters
  const receipt = await waitForUserOperation(client, parameters)
  const [settled] = parseEventLogs({
    abi: [instanceLease.LeaseSettled, instanceLease.LeaseFaulted],
    eventName: ['LeaseSettled', 'LeaseFaulted'],
    logs: receipt.logs.filter(log => log.address.toLowerCase() === contracts.instanceLease.toLowerCase()),
  })
  if (settled === undefined) {
    throw new ComputeError({
      problem: `User operation ${parameters.hash} settled no lease.`,
      remedy: 'The lease may have moved on in between: read it by getLease, and stop it again.',
    })
  }
  const { leaseId, providerWei, brokerWei, refundWei } = settled.args
  return {
    leaseId,
    providerWei,
    brokerWei,
    refundWei,
    transactionHash: receipt.receipt.transactionHash,
    receipt,
  }
}
