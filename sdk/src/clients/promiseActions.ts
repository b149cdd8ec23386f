// Binds the actions of bundlers' promises: who lands an operation, by which block, and what it is worth.
import type { Client } from 'viem'
import {
  type SendUserOperationWithPromiseParameters,
  type SendUserOperationWithPromiseReturnType,
  sendUserOperationWithPromise,
} from '../actions/promise/sendUserOperationWithPromise.ts'
import { verifyPromise } from '../actions/promise/verifyPromise.ts'
import {
  type WaitForPromiseParameters,
  type WaitForPromiseReturnType,
  waitForPromise,
} from '../actions/promise/waitForPromise.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = {
  /**
   * Verifies a bundler's promise against the chain: that it is signed by the key of a registered bundler, whose
   * stake covers the fine and stays until nobody can challenge any more, before the market's own court, and not
   * past all challenges.
   */
  verifyPromise,
}

/** What any client can do. */
export type PromiseReadActions = BoundActions<typeof reads>
/** What a smart account's client can do: they ask its bundler. */
export type PromiseActions = PromiseReadActions & {
  /**
   * Sends a user operation as viem's `sendUserOperation` does, with the same parameters, and returns beside its hash the
   * promise of the bundler that leads: by which block it lands. With a bundler that gives none it is viem's action.
   */
  readonly sendUserOperationWithPromise: (
    parameters: SendUserOperationWithPromiseParameters,
  ) => Promise<SendUserOperationWithPromiseReturnType>
  /**
   * Waits a moment for a bundler's promise to land a user operation by a block, and returns the one that is due first.
   * Check it by `verifyPromise` before you count on it, and put it into words by `describePromise`.
   */
  readonly waitForPromise: (parameters: WaitForPromiseParameters) => Promise<WaitForPromiseReturnType>
}

export function promiseReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): PromiseReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { promiseActions } from '@worldland-aa/sdk/clients/promiseActions'
 *
 * const client = smartAccountClient.extend(promiseActions({ contracts }))
 * const { hash, promise } = await client.sendUserOperationWithPromise({ calls })
 */
export function promiseActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): PromiseActions => ({
    ...promiseReadActions({ contracts })(client),
    sendUserOperationWithPromise: parameters => sendUserOperationWithPromise(client, parameters),
    waitForPromise: parameters => waitForPromise(client, parameters),
  })
}
