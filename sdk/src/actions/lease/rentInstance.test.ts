import { decodeFunctionData, parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import { computeTokenAbi } from '../../abi/computeToken.ts'
import { instanceLeaseAbi } from '../../abi/instanceLease.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { rentInstance } from './rentInstance.ts'
import { stopLease } from './stopLease.ts'

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
const rental = { contracts, offerId: 7n, seconds: 60, maximumPricePerSecondWei: parseEther('0.001') }

describe('the calls of a rental', () => {
  it('approve exactly what the escrow takes, then open the lease', () => {
    const [approve, open] = rentInstance.calls({ ...rental, units: 2 })
    expect(approve?.to).toBe(contracts.token)
    expect(decodeFunctionData({ abi: computeTokenAbi, data: approve?.data ?? '0x' }).args).toEqual([
      contracts.instanceLease,
      parseEther('0.12'),
    ])
    expect(open?.to).toBe(contracts.instanceLease)
    const opened = decodeFunctionData({ abi: instanceLeaseAbi, data: open?.data ?? '0x' })
    expect(opened.functionName).toBe('open')
    expect(opened.args?.slice(0, 4)).toEqual([7n, 2, 60, parseEther('0.001')])
  })

  it('take an image digest the way docker prints it', () => {
    const digest = 'ab'.repeat(32)
    const [, open] = rentInstance.calls({ ...rental, imageDigest: `sha256:${digest}` })
    expect(decodeFunctionData({ abi: instanceLeaseAbi, data: open?.data ?? '0x' }).args?.[4]).toBe(
      `0x${digest}`,
    )
  })

  it('refuse a digest that is none, and say what one looks like', () => {
    expect(() => rentInstance.calls({ ...rental, imageDigest: '0x1234' })).toThrow('64 hex digits')
  })
})

describe('the calls that end a lease', () => {
  const names = (state: Parameters<typeof stopLease.calls>[0]['state']) =>
    stopLease
      .calls({ contracts, leaseId: 1n, state })
      .map(call => decodeFunctionData({ abi: instanceLeaseAbi, data: call.data }).functionName)

  it('stop and settle it in one, whatever the provider does meanwhile', () => {
    for (const state of ['locked', 'accepted', 'ready', 'paused'] as const) {
      expect(names(state)).toEqual(['stopAndSettle'])
    }
  })

  it('only settle one that the other party has stopped', () => {
    expect(names('stopped')).toEqual(['settle'])
  })

  it('are none when it has ended', () => {
    for (const state of ['settled', 'expired', 'faulted'] as const) expect(names(state)).toEqual([])
  })
})
