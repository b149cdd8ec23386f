// What happened to the contract's other ERC-20s in some blocks: what the tokens say was moved, and what the contract says
// it was moved for.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import {
  type Address,
  encodeEventTopics,
  erc20Abi,
  type Hash,
  type Hex,
  isAddressEqual,
  type Log,
  pad,
  parseEventLogs,
} from 'viem'
import type { LogFilter } from './logRanges.ts'

type At = { readonly token: Address; readonly transactionHash: Hash; readonly blockNumber: bigint }

export type Erc20Movement = At &
  (
    | { readonly kind: 'transfer'; readonly units: bigint; readonly other: Address }
    | {
        readonly kind: 'charge'
        readonly units: bigint
        readonly userOperationHash: Hash
        readonly sender: Address
      }
    /** A refund that the token refused stays, and is its sender's. */
    | { readonly kind: 'refundKept' | 'refundClaimed' | 'withdrawal'; readonly units: bigint }
  )

export function erc20FiltersOf(paymaster: Address, tokens: readonly Address[]): readonly LogFilter[] {
  const us = pad(paymaster, { size: 32 })
  const transfer = encodeEventTopics({ abi: erc20Abi, eventName: 'Transfer' })[0] as Hex
  return [
    { address: paymaster, topics: [] },
    ...tokens.flatMap((address): LogFilter[] => [
      { address, topics: [transfer, us] },
      { address, topics: [transfer, null, us] },
    ]),
  ]
}

export function erc20MovementsOf(
  logs: readonly Log[],
  paymaster: Address,
  tokens: ReadonlySet<string>,
): readonly Erc20Movement[] {
  const ours = parseEventLogs({
    abi: computePaymasterAbi,
    logs: logs.filter(log => isAddressEqual(log.address, paymaster)),
    eventName: ['Erc20Charged', 'RefundKept', 'RefundClaimed', 'Erc20RevenueWithdrawn'],
  }).map(({ eventName, args, transactionHash, blockNumber }): Erc20Movement => {
    const at = { token: lowerCase(args.token), transactionHash, blockNumber }
    if (eventName === 'Erc20Charged') {
      const { charge: units, userOpHash: userOperationHash, sender } = args
      return { ...at, kind: 'charge', units, userOperationHash, sender }
    }
    return { ...at, kind: kinds[eventName], units: args.amount }
  })
  const transfers = parseEventLogs({
    abi: erc20Abi,
    logs: logs.filter(log => tokens.has(log.address.toLowerCase())),
    eventName: 'Transfer',
  }).flatMap(({ address, args, transactionHash, blockNumber }): Erc20Movement[] => {
    const { from, to, value } = args
    if (isAddressEqual(from, to)) return []
    const isIncoming = isAddressEqual(to, paymaster)
    const at = { token: lowerCase(address), transactionHash, blockNumber }
    return [{ ...at, kind: 'transfer', units: isIncoming ? value : -value, other: isIncoming ? from : to }]
  })
  return [...ours.filter(({ token }) => tokens.has(token)), ...transfers]
}

const kinds = {
  RefundKept: 'refundKept',
  RefundClaimed: 'refundClaimed',
  Erc20RevenueWithdrawn: 'withdrawal',
} as const

function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
