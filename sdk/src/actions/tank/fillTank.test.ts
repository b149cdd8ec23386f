import { decodeFunctionData, maxUint256, parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import { computePaymasterAbi } from '../../abi/computePaymaster.ts'
import { computeTokenAbi } from '../../abi/computeToken.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { fillTank } from './fillTank.ts'
import { withdrawTank } from './withdrawTank.ts'

const addressOf = (digit: string) => `0x${digit.repeat(40)}` as const
const contracts = { token: addressOf('1'), paymaster: addressOf('5') } as ComputeContracts
const holder = addressOf('9')
const amountWei = parseEther('0.5')

describe('the calls that fill a tank', () => {
  const approvedWith = (gasAllowanceWei: bigint) => {
    const [approve] = fillTank.calls({ contracts, holder, amountWei, gasAllowanceWei })
    expect(approve?.to).toBe(contracts.token)
    return decodeFunctionData({ abi: computeTokenAbi, data: approve?.data ?? '0x' }).args
  }

  it('approve the amount on top of what the paymaster may pull for gas, which would be lost otherwise', () => {
    expect(approvedWith(0n)).toEqual([contracts.paymaster, amountWei])
    expect(approvedWith(parseEther('2'))).toEqual([contracts.paymaster, parseEther('2.5')])
  })

  it('leave an endless allowance endless', () => {
    expect(approvedWith(maxUint256)).toEqual([contracts.paymaster, maxUint256])
    expect(approvedWith(maxUint256 - amountWei)).toEqual([contracts.paymaster, maxUint256])
  })

  it("then fill the holder's tank", () => {
    const [, fill] = fillTank.calls({ contracts, holder, amountWei, gasAllowanceWei: 0n })
    expect(fill?.to).toBe(contracts.paymaster)
    expect(decodeFunctionData({ abi: computePaymasterAbi, data: fill?.data ?? '0x' })).toEqual({
      functionName: 'fillTank',
      args: [holder, amountWei],
    })
  })
})

describe('the call that empties a tank', () => {
  it('names the recipient and the amount', () => {
    const [withdraw] = withdrawTank.calls({ contracts, to: holder, amountWei })
    expect(withdraw?.to).toBe(contracts.paymaster)
    expect(decodeFunctionData({ abi: computePaymasterAbi, data: withdraw?.data ?? '0x' })).toEqual({
      functionName: 'withdrawTank',
      args: [holder, amountWei],
    })
  })
})
