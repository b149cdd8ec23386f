// Follows what the market's contracts say, block by block, reorgs included.
import type { Client } from 'viem'
import type { WithContracts } from '../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../clients/chainClientOf.ts'
import type { ComputeContractName } from './computeAbis.ts'
import type { ComputeEvent } from './decodeComputeEvent.ts'
import { type BlockStep, type FollowBlocksOptions, followBlocks } from './followBlocks.ts'
import { type GetComputeEventsErrorType, getComputeEvents } from './getComputeEvents.ts'

export type ComputeEventsStep<name extends ComputeContractName = ComputeContractName> = Omit<
  BlockStep<undefined, ComputeEvent<name>>,
  'subject'
>
export type WatchComputeEventsParameters<name extends ComputeContractName = ComputeContractName> =
  WithContracts &
    FollowBlocksOptions & {
      /** Whose events. Default: all contracts'. */
      readonly of?: readonly name[] | undefined
      /** First block whose events count as new. Default: the last 64 blocks' do. */
      readonly fromBlock?: bigint | undefined
      /** Once per block, in order; the next one waits for it. */
      readonly onStep: (step: ComputeEventsStep<name>) => void | Promise<void>
    }
export type WatchComputeEventsReturnType = () => void
export type WatchComputeEventsErrorType = GetComputeEventsErrorType

/**
 * Watches the events of the market's contracts. Returns a function that ends it.
 *
 * @example
 * import { watchComputeEvents } from '@worldland-aa/sdk/events/watchComputeEvents'
 *
 * const unwatch = watchComputeEvents(publicClient, {
 *   contracts,
 *   of: ['instanceLease'],
 *   onStep: ({ events }) => events.forEach(event => console.log(event.eventName, event.args)),
 * })
 */
export function watchComputeEvents<const name extends ComputeContractName = ComputeContractName>(
  client: Client | SmartAccountClient,
  parameters: WatchComputeEventsParameters<name>,
): WatchComputeEventsReturnType {
  const { contracts, of, fromBlock: first = 0n, onStep, onError, pollingInterval } = parameters
  const chainClient = chainClientOf(client)
  return followBlocks<undefined, ComputeEvent<name>>(chainClient, {
    read: async () => undefined,
    eventsOf: async ({ fromBlock, toBlock }) => {
      if (toBlock < first) return []
      const start = fromBlock < first ? { fromBlock: first } : { fromBlock }
      return await getComputeEvents(chainClient, { contracts, of, ...start, toBlock })
    },
    onStep: ({ block, events, removed }) => onStep({ block, events, removed }),
    onError,
    pollingInterval,
  })
}
