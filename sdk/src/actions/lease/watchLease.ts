// Follows one lease block by block, reorgs included.
import type { Client, ContractEventName, Log, ReadContractErrorType } from 'viem'
import { getContractEvents } from 'viem/actions'
import { instanceLeaseEvents } from '../../abi/instanceLease.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type BlockStep, type FollowBlocksOptions, followBlocks } from '../../events/followBlocks.ts'
import { getLease } from './getLease.ts'
import type { Lease } from './lease.ts'

export type LeaseEvent = Log<
  bigint,
  number,
  false,
  undefined,
  true,
  typeof instanceLeaseEvents,
  ContractEventName<typeof instanceLeaseEvents>
>

/** The lease as of one block, what it did since the last step, and what a reorg took back. */
export type LeaseStep = { readonly lease: Lease } & Omit<BlockStep<Lease, LeaseEvent>, 'subject'>

export type WatchLeaseParameters = WithContracts &
  FollowBlocksOptions & {
    readonly leaseId: bigint
    /** Once per block, in order; the next one waits for it. */
    readonly onStep: (step: LeaseStep) => void | Promise<void>
  }
export type WatchLeaseReturnType = () => void
export type WatchLeaseErrorType = ReadContractErrorType

/**
 * Watches a lease: its state, its costs so far and its events, for every new block. Returns a function that
 * ends it.
 *
 * @example
 * import { watchLease } from '@worldland-aa/sdk/actions/lease/watchLease'
 *
 * const unwatch = watchLease(publicClient, {
 *   contracts,
 *   leaseId: 1n,
 *   onStep: ({ lease }) => console.log(lease.state, lease.costWei),
 * })
 */
export function watchLease(
  client: Client | SmartAccountClient,
  parameters: WatchLeaseParameters,
): WatchLeaseReturnType {
  const { contracts, leaseId, onStep, onError, pollingInterval } = parameters
  const chainClient = chainClientOf(client)
  return followBlocks<Lease, LeaseEvent>(chainClient, {
    read: blockNumber => getLease(chainClient, { contracts, leaseId, blockNumber }),
    eventsOf: async range => {
      const logs = await getContractEvents(chainClient, {
        address: contracts.instanceLease,
        abi: instanceLeaseEvents,
        args: { leaseId },
        ...range,
        strict: true,
      })
      return logs as readonly LeaseEvent[]
    },
    onStep: ({ subject, ...step }) => onStep({ lease: subject, ...step }),
    onError,
    pollingInterval,
  })
}
