// What permissionless clients poll: [userOpHash] → {status, transactionHash, …}.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Receipts } from '../receipt/receipt.ts'
import { parseUserOperationHash } from './parseParameters.ts'

export function pimlico_getUserOperationStatus({ receipts }: { receipts: Receipts }): RpcMethod {
  return async params => {
    const hash = parseUserOperationHash(params)
    return hash.ok ? accept(await receipts.statusOf(hash.value)) : hash
  }
}
