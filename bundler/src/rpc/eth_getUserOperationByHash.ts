// ERC-7769 eth_getUserOperationByHash: [userOpHash] → the operation and its block, or null.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Receipts } from '../receipt/receipt.ts'
import { parseUserOperationHash } from './parseParameters.ts'

export function eth_getUserOperationByHash({ receipts }: { receipts: Receipts }): RpcMethod {
  return async params => {
    const hash = parseUserOperationHash(params)
    return hash.ok ? accept(await receipts.operationByHash(hash.value)) : hash
  }
}
