// What each kind of treasury transaction calls, and what it does in words for who signs it.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { type Address, encodeFunctionData, formatEther, getAddress, type Hex } from 'viem'
import type { TransactionCode, TransactionKind, TransactionRequest } from '../admin/treasury/schema.ts'
import { type ShownToken, tokenAmount } from '../tokenAmount.ts'

export type Call = {
  readonly data: Hex
  readonly valueWei: bigint
  readonly description: string
  /** What the description says, for other languages. */
  readonly says: { readonly code: TransactionCode; readonly values: Readonly<Record<string, string>> }
  /** What it takes out of the deposit. */
  readonly takesWei: bigint
}

/** Whom the contract lets. */
export const senders: Readonly<Record<TransactionKind, 'anybody' | 'owner' | 'ownerOrSigner'>> = {
  topUp: 'anybody',
  addStake: 'owner',
  unlockStake: 'owner',
  withdrawStake: 'owner',
  withdrawDeposit: 'owner',
  withdrawRevenue: 'owner',
  refillFromRevenue: 'ownerOrSigner',
  collectFromTanks: 'anybody',
  trustSigner: 'owner',
  removeSigner: 'owner',
  setLeaderTip: 'owner',
}

const abi = computePaymasterAbi
const nothing = { valueWei: 0n, takesWei: 0n }

/** `unstakeDelaySeconds` and `accounts` where the request leaves them open. */
export function callOf(
  request: TransactionRequest,
  open: {
    readonly unstakeDelaySeconds: number
    readonly accounts: readonly Address[]
    readonly token: ShownToken
  },
): Call {
  const { token } = open
  switch (request.kind) {
    case 'topUp': {
      const valueWei = BigInt(request.amountWei)
      return {
        ...nothing,
        valueWei,
        data: encodeFunctionData({ abi, functionName: 'deposit' }),
        description: `Adds ${coins(valueWei)} to the gas deposit in the EntryPoint`,
        says: { code: 'topUp', values: { amountWei: String(valueWei) } },
      }
    }
    case 'addStake': {
      const valueWei = BigInt(request.amountWei)
      const delay = request.unstakeDelaySeconds ?? open.unstakeDelaySeconds
      return {
        ...nothing,
        valueWei,
        data: encodeFunctionData({ abi, functionName: 'addStake', args: [delay] }),
        description: `Adds ${coins(valueWei)} to the stake in the EntryPoint, locked until ${delay} seconds after it is unlocked`,
        says: { code: 'addStake', values: { amountWei: String(valueWei), delaySeconds: String(delay) } },
      }
    }
    case 'unlockStake':
      return {
        ...nothing,
        data: encodeFunctionData({ abi, functionName: 'unlockStake' }),
        description:
          'Unlocks the stake: bundlers refuse the token modes from then on, and it may be taken out when its delay is over',
        says: { code: 'unlockStake', values: {} },
      }
    case 'withdrawStake': {
      const recipient = getAddress(request.recipient)
      return {
        ...nothing,
        data: encodeFunctionData({ abi, functionName: 'withdrawStake', args: [recipient] }),
        description: `Sends the whole stake to ${recipient}`,
        says: { code: 'withdrawStake', values: { recipient } },
      }
    }
    case 'withdrawDeposit': {
      const [recipient, amountWei] = [getAddress(request.recipient), BigInt(request.amountWei)]
      return {
        ...nothing,
        takesWei: amountWei,
        data: encodeFunctionData({ abi, functionName: 'withdrawDepositTo', args: [recipient, amountWei] }),
        description: `Takes ${coins(amountWei)} out of the gas deposit and sends them to ${recipient}`,
        says: { code: 'withdrawDeposit', values: { amountWei: String(amountWei), recipient } },
      }
    }
    case 'withdrawRevenue': {
      const [recipient, amountWei] = [getAddress(request.recipient), BigInt(request.amountWei)]
      return {
        ...nothing,
        data: encodeFunctionData({ abi, functionName: 'withdrawRevenue', args: [recipient, amountWei] }),
        description: `Sends ${tokenAmount(amountWei, token)} of the revenue to ${recipient}`,
        says: { code: 'withdrawRevenue', values: { amount: tokenAmount(amountWei, token), recipient } },
      }
    }
    case 'refillFromRevenue': {
      const amountWei = BigInt(request.amountWei)
      return {
        ...nothing,
        data: encodeFunctionData({ abi, functionName: 'refillDeposit', args: [amountWei] }),
        description: `Turns ${tokenAmount(amountWei, token)} of the revenue into gas deposit`,
        says: { code: 'refillFromRevenue', values: { amount: tokenAmount(amountWei, token) } },
      }
    }
    case 'collectFromTanks': {
      const { accounts } = open
      return {
        ...nothing,
        data: encodeFunctionData({ abi, functionName: 'collectFromTanks', args: [accounts] }),
        description: `Turns what ${accounts.length === 1 ? 'one gas tank has' : `${accounts.length} gas tanks have`} spent into revenue`,
        says: { code: 'collectFromTanks', values: { count: String(accounts.length) } },
      }
    }
    case 'setLeaderTip': {
      const [registry, tipWei] = [getAddress(request.registry), BigInt(request.tipWei)]
      return {
        ...nothing,
        data: encodeFunctionData({ abi, functionName: 'setLeaderTip', args: [registry, tipWei] }),
        description:
          tipWei === 0n
            ? 'Gives bundlers no tip any more; what they are owed stays theirs'
            : `Gives the bundler whose turn it is by the registry ${registry} a tip of ${coins(tipWei)} out of the gas deposit for each sponsored operation`,
        says:
          tipWei === 0n
            ? { code: 'endLeaderTip', values: {} }
            : { code: 'setLeaderTip', values: { tipWei: String(tipWei), registry } },
      }
    }
    case 'trustSigner':
    case 'removeSigner': {
      const [signer, isTrusted] = [getAddress(request.signer), request.kind === 'trustSigner']
      return {
        ...nothing,
        data: encodeFunctionData({ abi, functionName: 'setSigner', args: [signer, isTrusted] }),
        description: isTrusted
          ? `Has the paymaster contract trust the signer ${signer}`
          : `Has the paymaster contract trust the signer ${signer} no more: what it has signed does not land from then on`,
        says: { code: request.kind, values: { signer } },
      }
    }
  }
}

function coins(wei: bigint): string {
  return `${formatEther(wei)} of the native coin`
}
