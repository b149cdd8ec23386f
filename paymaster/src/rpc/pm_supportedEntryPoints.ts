// Candide's pm_supportedEntryPoints: [] → the EntryPoints whose operations are paid for here.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Address } from 'viem'

export function pm_supportedEntryPoints({ entryPoint }: { entryPoint: Address }): RpcMethod {
  return () => accept([entryPoint])
}
