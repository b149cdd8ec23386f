// viem's sendUserOperation, and the bundler's word on when the operation lands beside its hash.
import { type Hex, numberToHex } from 'viem'
import {
  type SendUserOperationErrorType,
  type SendUserOperationParameters,
  type SmartAccount,
  sendUserOperation,
} from 'viem/account-abstraction'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type ComputeError, throwComputeError } from '../../errors/computeError.ts'
import { isMethodMissing } from './isMethodMissing.ts'
import { promisingBundler, type RpcPromise, readPromise, type SignedPromise } from './signedPromise.ts'

export type SendUserOperationWithPromiseParameters = SendUserOperationParameters<SmartAccount | undefined> & {
  /** How long the bundler may wait for a promise, at the most 2,000. Default: 500. */
  readonly waitMilliseconds?: number | undefined
}
export type SendUserOperationWithPromiseReturnType = {
  /** The user operation's, as `sendUserOperation` returns it. */
  readonly hash: Hex
  /** Undefined: none came in time, or the bundler gives none. The operation lands all the same. */
  readonly promise: SignedPromise | undefined
}
export type SendUserOperationWithPromiseErrorType = ComputeError | SendUserOperationErrorType

type Request = (call: { method: string; params: readonly unknown[] }, options?: object) => Promise<unknown>

/**
 * Sends a user operation as viem's `sendUserOperation` does, with the same parameters, and returns beside its hash the
 * promise of the bundler that leads: by which block it lands. With a bundler that gives none it is viem's action.
 *
 * @example
 * import { sendUserOperationWithPromise } from '@worldland-aa/sdk/actions/promise/sendUserOperationWithPromise'
 *
 * const { hash, promise } = await sendUserOperationWithPromise(bundlerClient, { calls })
 */
export async function sendUserOperationWithPromise(
  client: SmartAccountClient,
  parameters: SendUserOperationWithPromiseParameters,
): Promise<SendUserOperationWithPromiseReturnType> {
  const { waitMilliseconds = 500, ...sent } = parameters
  const bundler = promisingBundler(client)
  let wire: RpcPromise | undefined
  // All that viem prepares stays viem's: only the last call goes out under another name.
  const request: Request = async (call, options) => {
    const plainly = () => (client.request as Request)(call, options)
    if (call.method !== 'eth_sendUserOperation') return await plainly()
    const [userOperation, entryPoint] = call.params as [object, Hex]
    try {
      const answer = await bundler.request(
        {
          method: 'worldland_sendUserOperation',
          params: [userOperation, entryPoint, { waitMilliseconds: numberToHex(waitMilliseconds) }],
        },
        options,
      )
      wire = answer.promise
      return answer.userOpHash
    } catch (error) {
      if (isMethodMissing(error)) return await plainly()
      throw error
    }
  }
  try {
    const hash = await sendUserOperation({ ...client, request } as never, sent as never)
    return { hash, promise: wire === undefined ? undefined : readable(wire) }
  } catch (error) {
    return await throwComputeError(error)
  }
}

/** The operation is sent: what cannot be read is no promise, and no failure. */
function readable(wire: RpcPromise): SignedPromise | undefined {
  try {
    return readPromise(wire)
  } catch {
    return undefined
  }
}
