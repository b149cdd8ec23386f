// worldland_getPaymasters: [] → the contracts that this service signs for. By it a bundler knows its own.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Address } from 'viem'

export function worldland_getPaymasters({ paymaster }: { paymaster: Address }): RpcMethod {
  return () => accept([paymaster])
}
