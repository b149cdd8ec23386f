// [userOperation, entryPoint, { waitMilliseconds? }] → { userOpHash, promise? }: eth_sendUserOperation, and then the word
// of whoever leads on when it lands, if it comes in time.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Hash } from 'viem'
import { type PromiseSource, parseWait, showPromise } from './inclusionPromises.ts'
import { checkCount } from './parseParameters.ts'

export function worldland_sendUserOperation(options: {
  /** eth_sendUserOperation. */
  send: RpcMethod
  promises: PromiseSource | undefined
  chainId: number
}): RpcMethod {
  const { send, promises, chainId } = options
  return async (params, context) => {
    const count = checkCount(params, ['userOperation', 'entryPoint', 'options'], 1)
    if (!count.ok) return count
    // Before it is sent: what is malformed should leave nothing behind.
    const wait = parseWait(params[2])
    if (!wait.ok) return wait
    const sent = await send(params.slice(0, 2), context)
    if (!sent.ok) return sent
    const userOpHash = sent.value as Hash
    const promise = await promises?.wait(userOpHash, wait.value, context.signal)
    return accept({ userOpHash, ...(promise && { promise: showPromise(promise, chainId) }) })
  }
}
