// What events say happened to the deposit, the tanks and the tokens in some blocks, in the order of the chain.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import {
  type Address,
  encodeEventTopics,
  type Hash,
  type Hex,
  isAddressEqual,
  type Log,
  pad,
  parseEventLogs,
} from 'viem'
import { readTips } from '../settlement/landings.ts'
import type { LogFilter } from './logRanges.ts'

export type Place = { readonly entryPoint: Address; readonly paymaster: Address; readonly token: Address }

type At = { readonly transactionHash: Hash; readonly blockNumber: bigint }

export type DepositMovement = At &
  (
    | {
        readonly kind: 'operation'
        readonly userOperationHash: Hash
        readonly sender: Address
        /** With the tip, which stays in the EntryPoint until it is claimed. */
        readonly wei: bigint
        readonly tipWei: bigint
      }
    /** A bundler was paid what it was owed in tips: that was no longer the house's. */
    | { readonly kind: 'tipClaim'; readonly wei: bigint }
    | { readonly kind: 'withdrawal'; readonly recipient: Address; readonly wei: bigint }
    /** The event tells the deposit as it was after it, not what came in. */
    | { readonly kind: 'deposit'; readonly totalWei: bigint; readonly refilledWei: bigint | undefined }
  )

export type Movements = {
  readonly deposit: readonly DepositMovement[]
  readonly tanksWei: bigint
  readonly tokensWei: bigint
  /** What bundlers were given less what they have claimed. */
  readonly tipsOwedWei: bigint
  /** Signers that the contract was told of. */
  readonly signers: readonly Address[]
}

/** One for each kind, so that a busy EntryPoint's other logs are not asked for. */
export function filtersOf({ entryPoint, paymaster, token }: Place): readonly LogFilter[] {
  const us = pad(paymaster, { size: 32 })
  const topicOf = (eventName: 'Deposited' | 'Withdrawn' | 'UserOperationEvent'): Hex =>
    encodeEventTopics({ abi: entryPoint07Abi, eventName })[0] as Hex
  const transfer = encodeEventTopics({ abi: computeTokenAbi, eventName: 'Transfer' })[0] as Hex
  return [
    { address: entryPoint, topics: [[topicOf('Deposited'), topicOf('Withdrawn')], us] },
    { address: entryPoint, topics: [topicOf('UserOperationEvent'), null, null, us] },
    { address: paymaster, topics: [] },
    { address: token, topics: [transfer, us] },
    { address: token, topics: [transfer, null, us] },
  ]
}

export function movementsOf(logs: readonly Log[], { entryPoint, paymaster, token }: Place): Movements {
  const from = (address: Address): Log[] => logs.filter(log => isAddressEqual(log.address, address))
  const ours = parseEventLogs({ abi: computePaymasterAbi, logs: from(paymaster) })
  const refilled = new Map<Hash, bigint>()
  const { tips } = readTips(logs, paymaster)
  const claims = new Set<string>()
  let tanksWei = 0n
  let tipsOwedWei = 0n
  const signers: Address[] = []
  for (const { eventName, args, transactionHash, logIndex } of ours) {
    if (eventName === 'TankFilled') tanksWei += args.amountWei
    if (eventName === 'TankWithdrawn' || eventName === 'TankCollected') tanksWei -= args.amountWei
    if (eventName === 'LeaderTipped') tipsOwedWei += args.tipWei
    if (eventName === 'TipsClaimed') {
      tipsOwedWei -= args.amountWei
      // The EntryPoint tells of it next: nothing stands between the two.
      claims.add(placeOf(transactionHash, logIndex + 1))
    }
    if (eventName === 'SignerChanged') signers.push(args.signer)
    if (eventName === 'DepositRefilled') {
      refilled.set(transactionHash, (refilled.get(transactionHash) ?? 0n) + args.amountWei)
    }
  }
  const deposit = parseEventLogs({
    abi: entryPoint07Abi,
    logs: from(entryPoint),
    eventName: ['Deposited', 'Withdrawn', 'UserOperationEvent'],
  }).map(({ eventName, args, transactionHash, blockNumber, logIndex }): DepositMovement => {
    const at = { transactionHash, blockNumber }
    if (eventName === 'Deposited') {
      return {
        ...at,
        kind: 'deposit',
        totalWei: args.totalDeposit,
        refilledWei: refilled.get(transactionHash),
      }
    }
    if (eventName === 'Withdrawn') {
      if (claims.has(placeOf(transactionHash, logIndex))) return { ...at, kind: 'tipClaim', wei: args.amount }
      return { ...at, kind: 'withdrawal', recipient: args.withdrawAddress, wei: args.amount }
    }
    const { userOpHash: userOperationHash, sender, actualGasCost } = args
    const tipWei = tips.get(userOperationHash) ?? 0n
    return { ...at, kind: 'operation', userOperationHash, sender, wei: actualGasCost + tipWei, tipWei }
  })
  let tokensWei = 0n
  for (const { args } of parseEventLogs({
    abi: computeTokenAbi,
    logs: from(token),
    eventName: 'Transfer',
  })) {
    if (isAddressEqual(args.from, args.to)) continue
    tokensWei += isAddressEqual(args.to, paymaster) ? args.value : -args.value
  }
  return { deposit, tanksWei, tokensWei, tipsOwedWei, signers }
}

function placeOf(transactionHash: Hash, logIndex: number): string {
  return `${transactionHash} ${logIndex}`
}
