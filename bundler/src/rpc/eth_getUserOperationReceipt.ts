// ERC-7769 eth_getUserOperationReceipt: [userOpHash] → what it did and cost, or null while it has not landed.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Receipts } from '../receipt/receipt.ts'
import { parseUserOperationHash } from './parseParameters.ts'

export function eth_getUserOperationReceipt({ receipts }: { receipts: Receipts }): RpcMethod {
  return async params => {
    const hash = parseUserOperationHash(params)
    return hash.ok ? accept(await receipts.receiptOf(hash.value)) : hash
  }
}
