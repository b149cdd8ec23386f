// [userOpHash, { waitMilliseconds? }] → who has promised to land it and by which block, and what became of it; or null.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { type PromiseSource, parseWait, showPromise } from './inclusionPromises.ts'
import { checkCount, parseUserOperationHash } from './parseParameters.ts'

export function worldland_getInclusionPromise(options: {
  promises: PromiseSource | undefined
  chainId: number
}): RpcMethod {
  const { promises, chainId } = options
  return async (params, context) => {
    const count = checkCount(params, ['userOpHash', 'options'], 1)
    if (!count.ok) return count
    const hash = parseUserOperationHash(params)
    if (!hash.ok) return hash
    const wait = parseWait(params[1])
    if (!wait.ok) return wait
    const promise = await promises?.wait(hash.value, wait.value, context.signal)
    return accept(promise === undefined ? null : showPromise(promise, chainId))
  }
}
