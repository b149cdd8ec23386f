// A client for reading the market; it needs a node and no key.
import {
  type Chain,
  type Client,
  createPublicClient,
  type PublicActions,
  type PublicRpcSchema,
  type Transport,
} from 'viem'
import type { WithContracts } from '../chains/computeContracts.ts'
import { worldland } from '../chains/worldland.ts'
import { type ComputeReadActions, computeReadActions } from './computeActions.ts'

export type CreateComputeReadClientParameters = WithContracts & {
  readonly transport: Transport
  /** Default: WorldLand. */
  readonly chain?: Chain | undefined
  /** Milliseconds between two looks at the chain. Default: by the chain's block time. */
  readonly pollingInterval?: number | undefined
}
export type ComputeReadClient = Client<
  Transport,
  Chain,
  undefined,
  PublicRpcSchema,
  PublicActions<Transport, Chain> & ComputeReadActions
>

/**
 * Creates a client that reads the compute market: viem's public actions, and the market's.
 *
 * @example
 * import { http } from 'viem'
 * import { createComputeReadClient } from '@worldland-aa/sdk/clients/createComputeReadClient'
 *
 * const client = createComputeReadClient({ transport: http(), contracts })
 * const [cheapest] = await client.findOffers({ gpuModel: '4090' })
 */
export function createComputeReadClient(config: CreateComputeReadClientParameters): ComputeReadClient {
  const { contracts, transport, chain = worldland, pollingInterval } = config
  return createPublicClient({
    chain,
    transport,
    ...(pollingInterval === undefined ? {} : { pollingInterval }),
  }).extend(computeReadActions({ contracts })) as ComputeReadClient
}
