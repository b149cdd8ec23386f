// What permissionless clients price operations with: [] → {slow, standard, fast}, wei per gas in hex. ZeroDev's and
// Biconomy's clients ask for the same under names of their own, and do not go on without an answer.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { numberToHex } from 'viem'
import type { FeePair, Fees } from '../submission/fees.ts'

export const gasPriceMethods = [
  'pimlico_getUserOperationGasPrice',
  'zd_getUserOperationGasPrice',
  'biconomy_getGasFeeValues',
] as const

export function pimlico_getUserOperationGasPrice({ fees }: { fees: Fees }): RpcMethod {
  return () => {
    const { slow, standard, fast } = fees.currentFees()
    return accept({ slow: toWire(slow), standard: toWire(standard), fast: toWire(fast) })
  }
}

function toWire({ maxFeePerGas, maxPriorityFeePerGas }: FeePair) {
  return {
    maxFeePerGas: numberToHex(maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(maxPriorityFeePerGas),
  }
}
