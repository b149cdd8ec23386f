// Follows a rented placement block by block, reorgs included.
import type { Client, ReadContractErrorType } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type BlockStep, type FollowBlocksOptions, followBlocks } from '../../events/followBlocks.ts'
import { getPlacement, type PlacementStatus } from './getPlacement.ts'
import type { RunningPlacement } from './runningPlacement.ts'

export type PlacementStep = {
  /** As it was read for this step. */
  readonly placement: RunningPlacement
  readonly status: PlacementStatus
  readonly block: BlockStep<unknown, never>['block']
}

export type WatchPlacementParameters = WithContracts &
  FollowBlocksOptions & {
    /** Asked for at every block, since a replacement changes it. */
    readonly placement: () => RunningPlacement
    /** Once per block, in order; the next one waits for it, and so for what it replaces. */
    readonly onStep: (step: PlacementStep) => void | Promise<void>
  }
export type WatchPlacementReturnType = () => void
export type WatchPlacementErrorType = ReadContractErrorType

/**
 * Watches a rented placement: each of its machines and what is left of the budget, for every new block. Returns a
 * function that ends it.
 *
 * @example
 * import { watchPlacement } from '@worldland-aa/sdk/actions/placement/watchPlacement'
 *
 * const unwatch = watchPlacement(publicClient, {
 *   contracts,
 *   placement: () => placement,
 *   onStep: ({ status }) => console.log(status.machines.map(({ condition }) => condition), status.leftWei),
 * })
 */
export function watchPlacement(
  client: Client | SmartAccountClient,
  parameters: WatchPlacementParameters,
): WatchPlacementReturnType {
  const { contracts, placement, onStep, onError, pollingInterval } = parameters
  const chainClient = chainClientOf(client)
  return followBlocks<Omit<PlacementStep, 'block'>, never>(chainClient, {
    read: async blockNumber => {
      const present = placement()
      return {
        placement: present,
        status: await getPlacement(chainClient, { contracts, placement: present, blockNumber }),
      }
    },
    eventsOf: async () => [],
    onStep: ({ subject, block }) => onStep({ ...subject, block }),
    onError,
    pollingInterval,
  })
}
