// Waits until the machines of a plan are rented, and says which lease is which.
import { type Hash, isAddressEqual, parseEventLogs } from 'viem'
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
import type { PlannedMachine } from './plan.ts'

export type WaitForMachinesParameters = WithContracts &
  WaitForUserOperationParameters & {
    /** As `rentMachines` had it. */
    readonly plan: { readonly machines: readonly PlannedMachine[] }
  }
export type RentedMachine = {
  readonly machine: PlannedMachine
  readonly leaseId: bigint
  /** Token wei that went into escrow. */
  readonly escrowWei: bigint
}
export type WaitForMachinesReturnType = {
  /** In the plan's order. */
  readonly leases: readonly RentedMachine[]
  /** Token wei that went into escrow for all. */
  readonly escrowWei: bigint
  readonly transactionHash: Hash
  readonly receipt: UserOperationReceipt
}
export type WaitForMachinesErrorType = WaitForUserOperationErrorType

/**
 * Waits for the user operation of `rentMachines` and returns its leases, in the plan's order.
 *
 * @example
 * import { waitForMachines } from '@worldland-aa/sdk/actions/placement/waitForMachines'
 *
 * const { leases } = await waitForMachines(smartAccountClient, { contracts, plan, hash })
 * for (const { machine, leaseId } of leases) console.log(machine.region, leaseId)
 */
export async function waitForMachines(
  client: SmartAccountClient,
  parameters: WaitForMachinesParameters,
): Promise<WaitForMachinesReturnType> {
  const { contracts, plan, hash } = parameters
  const receipt = await waitForUserOperation(client, parameters)
  const opened = parseEventLogs({
    abi: [instanceLease.LeaseOpened],
    eventName: 'LeaseOpened',
    logs: receipt.logs.filter(({ address }) => isAddressEqual(address, contracts.instanceLease)),
  }).filter(({ args }) => isAddressEqual(args.payer, receipt.sender))
  const leases = plan.machines.flatMap((machine, index) => {
    const args = opened[index]?.args
    if (args === undefined || args.offerId !== machine.offerId) return []
    return [{ machine, leaseId: args.leaseId, escrowWei: args.escrowWei }]
  })
  if (leases.length !== plan.machines.length || opened.length !== leases.length) {
    throw new ComputeError({
      problem: `User operation ${hash} did not open the leases of this plan: ${opened.length} were opened, ${plan.machines.length} are planned.`,
      remedy: 'Give the hash that rentMachines returned, the same plan and the same contracts.',
    })
  }
  return {
    leases,
    escrowWei: leases.reduce((sum, { escrowWei }) => sum + escrowWei, 0n),
    transactionHash: receipt.receipt.transactionHash,
    receipt,
  }
}
