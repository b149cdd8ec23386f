// What tips do to the deposit, by the events of one transaction: beside withdrawals that look alike.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import {
  type Abi,
  type AbiEvent,
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  type Hash,
  type Log,
  numberToHex,
} from 'viem'
import { describe, expect, it } from 'vitest'
import { movementsOf } from './movements.ts'

const address = (digit: number): Address => numberToHex(digit, { size: 20 })
const place = { entryPoint: address(1), paymaster: address(2), token: address(3) }
const [registry, operator, sender] = [address(4), address(5), address(6)]
const hash = (digit: number): Hash => numberToHex(digit, { size: 32 })

function logOf(options: {
  readonly from: Address
  readonly abi: Abi
  readonly eventName: string
  readonly args: Record<string, unknown>
  readonly transaction: number
  readonly logIndex: number
}): Log {
  const { abi, eventName, args, logIndex } = options
  const event = abi.find(item => item.type === 'event' && item.name === eventName) as AbiEvent
  const plain = event.inputs.filter(({ indexed }) => !indexed)
  return {
    address: options.from,
    topics: encodeEventTopics({ abi, eventName, args } as never) as Log['topics'],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => args[name ?? '']),
    ),
    transactionHash: hash(options.transaction),
    blockHash: hash(99),
    blockNumber: 7n,
    logIndex,
    transactionIndex: 0,
    removed: false,
  } as unknown as Log
}
const ours = (eventName: string, args: Record<string, unknown>, transaction: number, logIndex: number) =>
  logOf({
    ...{ from: place.paymaster, abi: computePaymasterAbi as Abi, eventName, args, transaction, logIndex },
  })
const theirs = (eventName: string, args: Record<string, unknown>, transaction: number, logIndex: number) =>
  logOf({
    ...{ from: place.entryPoint, abi: entryPoint07Abi as Abi, eventName, args, transaction, logIndex },
  })
const withdrawn = (transaction: number, logIndex: number) =>
  theirs(
    'Withdrawn',
    { account: place.paymaster, withdrawAddress: operator, amount: 40n },
    transaction,
    logIndex,
  )

describe('movements of tips', () => {
  it('count a tip as a cost of its operation, and what it leaves owed', () => {
    const operation = {
      userOpHash: hash(11),
      ...{ sender, paymaster: place.paymaster, nonce: 0n, success: true },
      ...{ actualGasCost: 100n, actualGasUsed: 10n },
    }
    const logs = [
      ours('LeaderTipped', { userOpHash: hash(11), bundlerId: 7, tipWei: 40n }, 1, 3),
      theirs('UserOperationEvent', operation, 1, 4),
      theirs('UserOperationEvent', { ...operation, userOpHash: hash(12) }, 1, 5),
    ]
    const { deposit, tipsOwedWei } = movementsOf(logs, place)
    expect(deposit).toMatchObject([
      { kind: 'operation', wei: 140n, tipWei: 40n },
      { kind: 'operation', wei: 100n, tipWei: 0n },
    ])
    expect(tipsOwedWei).toBe(40n)
  })

  it('tell a claim from a withdrawal of as much by the owner to the same account in one transaction', () => {
    const claimed = (logIndex: number) =>
      ours('TipsClaimed', { registry, bundlerId: 7, operator, amountWei: 40n }, 1, logIndex)
    const logs = [withdrawn(1, 0), claimed(1), withdrawn(1, 2), withdrawn(1, 3), withdrawn(2, 2)]
    const { deposit, tipsOwedWei } = movementsOf(logs, place)
    expect(deposit.map(({ kind }) => kind)).toEqual(['withdrawal', 'tipClaim', 'withdrawal', 'withdrawal'])
    expect(tipsOwedWei).toBe(-40n)
  })
})
