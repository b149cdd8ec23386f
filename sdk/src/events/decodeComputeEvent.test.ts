import { encodeAbiParameters, encodeEventTopics, getAddress, type Log } from 'viem'
import { describe, expect, it } from 'vitest'
import { computeTokenAbi } from '../abi/computeToken.ts'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { decodeComputeEvent } from './decodeComputeEvent.ts'

const addressOf = (digit: string) => `0x${digit.repeat(40)}` as const
const contracts: ComputeContracts = {
  token: addressOf('1'),
  providerRegistry: addressOf('2'),
  offerBook: addressOf('3'),
  instanceLease: addressOf('4'),
  paymaster: addressOf('5'),
  bundleGuard: addressOf('c'),
  simpleAccountFactory: addressOf('6'),
  usageRights: addressOf('7'),
  trainingRecord: addressOf('8'),
  serverlessSession: addressOf('9'),
  modelNft: addressOf('a'),
  bundlerRegistry: addressOf('d'),
  computeAccountFactory: addressOf('b'),
}
const deposit = (address: `0x${string}`) =>
  ({
    address,
    topics: encodeEventTopics({
      abi: computeTokenAbi,
      eventName: 'Deposit',
      args: { account: addressOf('c') },
    }),
    data: encodeAbiParameters([{ type: 'uint256' }], [5n]),
    blockNumber: 1n,
    logIndex: 0,
  }) as unknown as Log<bigint, number, false>

describe('decodeComputeEvent', () => {
  it('tells which contract said what', () => {
    expect(decodeComputeEvent({ contracts, log: deposit(contracts.token) })).toMatchObject({
      contract: 'token',
      eventName: 'Deposit',
      args: { account: getAddress(addressOf('c')), amountWei: 5n },
      blockNumber: 1n,
    })
  })

  it('says nothing about what strangers said, or the wrong contract', () => {
    expect(decodeComputeEvent({ contracts, log: deposit(addressOf('d')) })).toBeUndefined()
    expect(decodeComputeEvent({ contracts, log: deposit(contracts.offerBook) })).toBeUndefined()
  })
})
