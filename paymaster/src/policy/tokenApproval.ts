// Finds the approval with which an operation of a first-time payer begins.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { canonicalDecoder } from '@worldland-aa/sdk/protocol/canonicalDecoder'
import { type Address, getAbiItem, type Hex, isAddressEqual, toFunctionSelector } from 'viem'
import { decodeAccountCalls } from './accountCalls.ts'

const approve = getAbiItem({ abi: computeTokenAbi, name: 'approve' })
const approveSelector = toFunctionSelector(approve)
/** Two words, and perhaps a data suffix. */
const decodeApproval = canonicalDecoder(approve.inputs, { maxBytes: 4_096, maxListLength: 0, ending: 'open' })

/** What the first call of the batch lets the paymaster take, in wei of the token; undefined without one. */
export function approvalIn(
  callData: Hex,
  contracts: { readonly token: Address; readonly paymaster: Address },
): bigint | undefined {
  const decoded = decodeAccountCalls(callData)
  const [call] = decoded.ok ? decoded.calls : []
  if (call === undefined || !isAddressEqual(call.to, contracts.token)) return undefined
  if (call.data.slice(0, 10) !== approveSelector) return undefined
  const approval = decodeApproval(`0x${call.data.slice(10)}`)
  if (!approval.ok) return undefined
  const [spender, amountWei] = approval.values
  return isAddressEqual(spender, contracts.paymaster) ? amountWei : undefined
}
