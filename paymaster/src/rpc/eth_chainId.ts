// eth_chainId: [] → the chain this paymaster serves.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { numberToHex } from 'viem'

export function eth_chainId({ chainId }: { chainId: number }): RpcMethod {
  return () => accept(numberToHex(chainId))
}
