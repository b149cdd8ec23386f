// EIP-695 eth_chainId: [] → the chain this node bundles for, in hex.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { numberToHex } from 'viem'

export function eth_chainId(chainId: number): RpcMethod {
  return () => accept(numberToHex(chainId))
}
