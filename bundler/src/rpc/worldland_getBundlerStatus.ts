// [] → how this bundler is: head, mempool, bundles in flight, executors, refusals of the last hour, reputation.
import type { Clock } from '@worldland-aa/service/clock'
import { sharedAnswer } from '@worldland-aa/service/http/sharedAnswer'
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { type BundlerStatusSources, bundlerStatus } from '../status/bundlerStatus.ts'
import { checkCount } from './parseParameters.ts'

/** Made once for all who ask at the same time, as /health and /metrics are. */
export function worldland_getBundlerStatus(sources: BundlerStatusSources, clock: Clock): RpcMethod {
  const status = sharedAnswer(() => bundlerStatus(sources), clock)
  return async params => {
    const count = checkCount(params, [], 0)
    return count.ok ? accept(await status()) : count
  }
}
