// Which treasury transaction somebody's wallet has sent, by what it calls.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { decodeFunctionData, type Hex } from 'viem'
import type { TransactionRequest } from '../admin/treasury/schema.ts'
import type { ShownToken } from '../tokenAmount.ts'
import { callOf } from './requests.ts'

export type SentCall = {
  readonly kind: TransactionRequest['kind']
  readonly description: string
  readonly takesWei: bigint
}

/** Undefined for any other call. */
export function sentCall(data: Hex, valueWei: bigint, token: ShownToken): SentCall | undefined {
  const request = requestOf(data, valueWei)
  if (request === undefined) return undefined
  const accounts = request.kind === 'collectFromTanks' ? (request.accounts ?? []) : []
  const open = { unstakeDelaySeconds: 1, accounts: accounts as `0x${string}`[], token }
  const { description, takesWei } = callOf(request, open)
  return { kind: request.kind, description, takesWei }
}

function requestOf(data: Hex, valueWei: bigint): TransactionRequest | undefined {
  const call = decoded(data)
  const amountWei = String(valueWei)
  switch (call?.functionName) {
    case 'deposit':
      return { kind: 'topUp', amountWei }
    case 'addStake':
      return { kind: 'addStake', amountWei, unstakeDelaySeconds: call.args[0] }
    case 'unlockStake':
      return { kind: 'unlockStake' }
    case 'withdrawStake':
      return { kind: 'withdrawStake', recipient: call.args[0] }
    case 'withdrawDepositTo':
      return { kind: 'withdrawDeposit', recipient: call.args[0], amountWei: String(call.args[1]) }
    case 'withdrawRevenue':
      return { kind: 'withdrawRevenue', recipient: call.args[0], amountWei: String(call.args[1]) }
    case 'refillDeposit':
      return { kind: 'refillFromRevenue', amountWei: String(call.args[0]) }
    case 'collectFromTanks':
      return { kind: 'collectFromTanks', accounts: [...call.args[0]] }
    case 'setSigner':
      return { kind: call.args[1] ? 'trustSigner' : 'removeSigner', signer: call.args[0] }
    case 'setLeaderTip':
      return { kind: 'setLeaderTip', registry: call.args[0], tipWei: String(call.args[1]) }
    default:
      return undefined
  }
}

function decoded(data: Hex) {
  try {
    return decodeFunctionData({ abi: computePaymasterAbi, data })
  } catch {
    return undefined
  }
}
