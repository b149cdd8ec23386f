import { encodeAbiParameters, encodeEventTopics, type Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { computePaymasterAbi } from '../../abi/computePaymaster.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { type GetGasChargeParameters, getGasCharge } from './getGasCharge.ts'

const addressOf = (digit: string) => `0x${digit.repeat(40)}` as const
const hashOf = (digit: string) => `0x${digit.repeat(64)}` as const
const contracts = { paymaster: addressOf('a') } as ComputeContracts
const policyId = `0x${'00'.repeat(16)}` as const

function log(eventName: 'TokenCharged' | 'TankCharged', userOpHash: Hex, amounts: readonly bigint[]) {
  const topics = encodeEventTopics({
    abi: computePaymasterAbi,
    eventName,
    args: { userOpHash, sender: addressOf('b') },
  })
  const types = [{ type: 'bytes16' }, ...amounts.map(() => ({ type: 'uint256' }))]
  return {
    address: addressOf('A'),
    topics,
    data: encodeAbiParameters(types, [policyId, ...amounts]),
  }
}

const receiptWith = (...logs: readonly ReturnType<typeof log>[]) =>
  ({ userOpHash: hashOf('1'), receipt: { logs } }) as unknown as GetGasChargeParameters['receipt']

describe('what gas cost', () => {
  it('is read of an operation that was paid out of the wallet, and of one paid out of the tank', () => {
    const fromWallet = receiptWith(log('TokenCharged', hashOf('1'), [5n, 2n]))
    expect(getGasCharge({ contracts, receipt: fromWallet })).toBe(5n)
    const fromTank = receiptWith(log('TankCharged', hashOf('1'), [7n]))
    expect(getGasCharge({ contracts, receipt: fromTank })).toBe(7n)
  })

  it("is the operation's own, not its neighbour's in the bundle", () => {
    const receipt = receiptWith(log('TankCharged', hashOf('2'), [9n]), log('TankCharged', hashOf('1'), [7n]))
    expect(getGasCharge({ contracts, receipt })).toBe(7n)
    expect(getGasCharge({ contracts, receipt: receiptWith(log('TankCharged', hashOf('2'), [9n])) })).toBe(
      undefined,
    )
  })
})
