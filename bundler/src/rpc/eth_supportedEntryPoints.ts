// ERC-7769 eth_supportedEntryPoints: [] → the EntryPoints served here, preferred first.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Address } from 'viem'

export function eth_supportedEntryPoints(entryPoint: Address): RpcMethod {
  return () => accept([entryPoint])
}
