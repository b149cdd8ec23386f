// Finds the approval with which an operation of a first-time payer begins.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { type Address, decodeFunctionData, type Hex, isAddressEqual } from 'viem'
import { decodeAccountCalls } from './accountCalls.ts'

/** What the first call of the batch lets the paymaster take, in wei of the token; undefined without one. */
export function approvalIn(
  callData: Hex,
  contracts: { readonly token: Address; readonly paymaster: Address },
): bigint | undefined {
  const [call] = decodeAccountCalls(callData) ?? []
  if (call === undefined || !isAddressEqual(call.to, contracts.token)) return undefined
  try {
    const { functionName, args } = decodeFunctionData({ abi: computeTokenAbi, data: call.data })
    if (functionName !== 'approve' || !isAddressEqual(args[0], contracts.paymaster)) return undefined
    return args[1]
  } catch {
    return undefined
  }
}
