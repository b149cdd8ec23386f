// Binds all of the market's actions to a client: `client.extend(computeActions({ contracts }))`. Who needs a
// part of them takes the part's own decorator.
import type { Client } from 'viem'
import type { AccountClient } from '../account/sendCalls.ts'
import {
  type WaitForUserOperationParameters,
  type WaitForUserOperationReturnType,
  waitForUserOperation,
} from '../actions/operation/waitForUserOperation.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import {
  type AccountActions,
  type AccountReadActions,
  accountActions,
  accountReadActions,
} from './accountActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'
import { type LeaseActions, type LeaseReadActions, leaseActions, leaseReadActions } from './leaseActions.ts'
import { type MarketReadActions, marketReadActions } from './marketActions.ts'
import { type ModelActions, type ModelReadActions, modelActions, modelReadActions } from './modelActions.ts'
import {
  type PlacementActions,
  type PlacementReadActions,
  placementActions,
  placementReadActions,
} from './placementActions.ts'
import {
  type PromiseActions,
  type PromiseReadActions,
  promiseActions,
  promiseReadActions,
} from './promiseActions.ts'
import {
  type ProvenanceActions,
  type ProvenanceReadActions,
  provenanceActions,
  provenanceReadActions,
} from './provenanceActions.ts'
import { type ProviderActions, providerActions } from './providerActions.ts'
import {
  type RightsActions,
  type RightsReadActions,
  rightsActions,
  rightsReadActions,
} from './rightsActions.ts'
import {
  type SessionActions,
  type SessionReadActions,
  sessionActions,
  sessionReadActions,
} from './sessionActions.ts'
import { type TankActions, type TankReadActions, tankActions, tankReadActions } from './tankActions.ts'
import { type TokenActions, type TokenReadActions, tokenActions, tokenReadActions } from './tokenActions.ts'

/** What any client can do. */
export type ComputeReadActions = MarketReadActions &
  LeaseReadActions &
  PlacementReadActions &
  SessionReadActions &
  RightsReadActions &
  ProvenanceReadActions &
  ModelReadActions &
  TokenReadActions &
  TankReadActions &
  AccountReadActions &
  PromiseReadActions

/** What a smart account's client can do besides. */
export type ComputeWriteActions = LeaseActions &
  PlacementActions &
  SessionActions &
  RightsActions &
  ProvenanceActions &
  ModelActions &
  TokenActions &
  TankActions &
  AccountActions &
  PromiseActions &
  ProviderActions & {
    /** Waits until a user operation is on chain and returns its receipt; throws when it failed or was dropped. */
    readonly waitForUserOperation: (
      parameters: WaitForUserOperationParameters,
    ) => Promise<WaitForUserOperationReturnType>
  }

/**
 * Decorator with the reading actions, for any viem client.
 *
 * @example
 * import { computeReadActions } from '@worldland-aa/sdk/clients/computeActions'
 *
 * const client = publicClient.extend(computeReadActions({ contracts }))
 * const offers = await client.findOffers({ gpuModel: 'H100' })
 */
export function computeReadActions(market: WithContracts) {
  return (client: Client | SmartAccountClient): ComputeReadActions => ({
    ...marketReadActions(market)(client),
    ...leaseReadActions(market)(client),
    ...placementReadActions(market)(client),
    ...sessionReadActions(market)(client),
    ...rightsReadActions(market)(client),
    ...provenanceReadActions(market)(client),
    ...modelReadActions(market)(client),
    ...tokenReadActions(market)(client),
    ...tankReadActions(market)(client),
    ...accountReadActions(market)(client),
    ...promiseReadActions(market)(client),
  })
}

/**
 * Decorator with all actions, for a smart account's client: viem's bundler client, permissionless's smart
 * account client, or any other that serves `sendUserOperation`.
 *
 * @example
 * import { computeActions } from '@worldland-aa/sdk/clients/computeActions'
 *
 * const client = smartAccountClient.extend(computeActions({ contracts }))
 * const hash = await client.rentInstance({ offerId: 1n, seconds: 3600 })
 */
export function computeActions(market: WithContracts) {
  return (client: SmartAccountClient): ComputeReadActions & ComputeWriteActions => ({
    ...marketReadActions(market)(client),
    ...leaseActions(market)(client),
    ...placementActions(market)(client),
    ...sessionActions(market)(client),
    ...rightsActions(market)(client),
    ...provenanceActions(market)(client),
    ...modelActions(market)(client),
    ...tokenActions(market)(client),
    ...tankActions(market)(client),
    ...accountActions(market)(client),
    ...promiseActions(market)(client),
    ...providerActions(market)(client as AccountClient),
    waitForUserOperation: parameters => waitForUserOperation(client, parameters),
  })
}
