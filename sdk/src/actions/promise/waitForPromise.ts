// Asks a bundler who will include an operation, and by which block.
import { type Hex, numberToHex, type RpcErrorType } from 'viem'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { isMethodMissing } from './isMethodMissing.ts'
import { promisingBundler, readPromise, type SignedPromise } from './signedPromise.ts'

export type WaitForPromiseParameters = {
  /** As `sendUserOperation`, `rentInstance` and their siblings return it. */
  readonly hash: Hex
  /** How long to wait for one, at the most 2,000 at a time; 0 only looks. Default: 2,000. */
  readonly waitMilliseconds?: number | undefined
}
/** Undefined: nobody has promised anything, or the bundler knows of no promises. The operation lands all the same. */
export type WaitForPromiseReturnType = SignedPromise | undefined
export type WaitForPromiseErrorType = RpcErrorType

/**
 * Waits a moment for a bundler's promise to land a user operation by a block, and returns the one that is due first.
 * Check it by `verifyPromise` before you count on it, and put it into words by `describePromise`.
 *
 * @example
 * import { waitForPromise } from '@worldland-aa/sdk/actions/promise/waitForPromise'
 *
 * const promise = await waitForPromise(bundlerClient, { hash })
 * if (promise !== undefined) console.log(`lands by block ${promise.latestBlock}`)
 */
export async function waitForPromise(
  client: SmartAccountClient,
  parameters: WaitForPromiseParameters,
): Promise<WaitForPromiseReturnType> {
  const { hash, waitMilliseconds = 2_000 } = parameters
  try {
    const wire = await promisingBundler(client).request({
      method: 'worldland_getInclusionPromise',
      params: [hash, { waitMilliseconds: numberToHex(waitMilliseconds) }],
    })
    return wire === null ? undefined : readPromise(wire)
  } catch (error) {
    if (isMethodMissing(error)) return undefined
    throw error
  }
}
