// Lets a contract pull compute tokens: the first call of most batches.
import type { Address } from 'viem'
import * as computeToken from '../abi/computeToken.ts'
import { type Call, toCall } from './call.ts'

export function approveCall(options: { token: Address; spender: Address; amountWei: bigint }): Call {
  const { token, spender, amountWei } = options
  return toCall(token, { abi: [computeToken.approve], functionName: 'approve', args: [spender, amountWei] })
}
