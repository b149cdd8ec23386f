// Finds the leases of machines whose operation was sent and whose hash was lost, such as by a program that was stopped in
// between: on the chain stands who opened what.
import { type Address, type Client, type GetLogsErrorType, isAddressEqual } from 'viem'
import { getContractEvents } from 'viem/actions'
import * as instanceLease from '../../abi/instanceLease.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { PlannedMachine } from './plan.ts'

export type FindMachinesParameters = WithContracts & {
  readonly payer: Address
  /** As they were to be rented, all by one operation. */
  readonly machines: readonly PlannedMachine[]
  /** The block before anything was sent. */
  readonly fromBlock: bigint
  /** Leases that are known already, and others' business. */
  readonly except?: readonly bigint[] | undefined
}
/** In the machines' order; undefined: no operation opened them. */
export type FindMachinesReturnType =
  | {
      readonly leases: readonly { readonly machine: PlannedMachine; readonly leaseId: bigint }[]
      /** In which they were opened. */
      readonly blockNumber: bigint
    }
  | undefined
export type FindMachinesErrorType = GetLogsErrorType

/**
 * Finds the leases of machines that were sent to be rented, when the operation's hash was lost.
 *
 * @example
 * import { findMachines } from '@worldland-aa/sdk/actions/placement/findMachines'
 *
 * const found = await findMachines(publicClient, { contracts, payer, machines: plan.machines, fromBlock })
 * console.log(found?.leases.map(({ leaseId }) => leaseId) ?? 'Nothing was rented')
 */
export async function findMachines(
  client: Client | SmartAccountClient,
  parameters: FindMachinesParameters,
): Promise<FindMachinesReturnType> {
  const { contracts, payer, machines, fromBlock, except = [] } = parameters
  const logs = await getContractEvents(chainClientOf(client), {
    address: contracts.instanceLease,
    abi: [instanceLease.LeaseOpened],
    eventName: 'LeaseOpened',
    args: { payer },
    fromBlock,
    strict: true,
  })
  const unknown = logs.filter(({ args }) => !except.includes(args.leaseId))
  for (const transactionHash of new Set(unknown.map(log => log.transactionHash))) {
    const opened = unknown.filter(log => log.transactionHash === transactionHash)
    const leases = machines.flatMap((machine, index) => {
      const log = opened[index]
      return log !== undefined && isOf(log.args, machine) ? [{ machine, leaseId: log.args.leaseId }] : []
    })
    const blockNumber = opened[0]?.blockNumber
    if (leases.length === machines.length && opened.length === leases.length && blockNumber !== undefined) {
      return { leases, blockNumber }
    }
  }
  return undefined
}

type Opened = {
  readonly provider: Address
  readonly offerId: bigint
  readonly units: number
  readonly maxSeconds: number
}

function isOf({ provider, offerId, units, maxSeconds }: Opened, machine: PlannedMachine): boolean {
  return (
    isAddressEqual(provider, machine.provider) &&
    offerId === machine.offerId &&
    units === machine.units &&
    maxSeconds === machine.seconds
  )
}
