import { zeroHash } from 'viem'
import { describe, expect, it } from 'vitest'
import type { Lease } from '../actions/lease/lease.ts'
import { machineCondition } from './machineCondition.ts'
import { providerAt } from './testing/smallMarket.ts'

const [payer, provider, stranger] = [providerAt(1), providerAt(2), providerAt(3)]

function lease(figures: Partial<Lease>): Lease {
  return {
    leaseId: 1n,
    state: 'ready',
    payer,
    provider,
    offerId: 1n,
    units: 1,
    pricePerSecondWei: 1n,
    maximumSeconds: 100,
    limitSeconds: 1_000,
    usedSeconds: 40,
    escrowWei: 100n,
    costWei: 40n,
    refundWei: 60n,
    bondWei: 1_000n,
    imageDigest: zeroHash,
    broker: undefined,
    deadlineBlock: undefined,
    access: undefined,
    ping: undefined,
    blockNumber: 50n,
    ...figures,
  }
}
const conditionOf = (figures: Partial<Lease>, stoppedBy?: typeof payer) =>
  machineCondition(lease(figures), { payer, stoppedBy }).condition

describe('a machine', () => {
  it('is waited for up to and including the block of its deadline, and lost after it', () => {
    for (const state of ['locked', 'accepted'] as const) {
      expect(conditionOf({ state, deadlineBlock: 50n })).toBe('waiting')
      expect(conditionOf({ state, deadlineBlock: 49n })).toBe('lost')
    }
  })

  it('is lost when a ping was not answered by its deadline, claimed or not', () => {
    const ping = (deadlineBlock: bigint) => ({ ping: { pingedAtTimestamp: 1n, deadlineBlock } })
    expect(conditionOf(ping(50n))).toBe('running')
    expect(conditionOf(ping(49n))).toBe('lost')
    expect(conditionOf({ state: 'faulted' })).toBe('lost')
  })

  it('is lost when its provider stopped it before its time, and ended when the renter did', () => {
    for (const state of ['stopped', 'settled'] as const) {
      expect(conditionOf({ state }, provider)).toBe('lost')
      expect(conditionOf({ state }, payer)).toBe('ended')
      expect(conditionOf({ state }, stranger)).toBe('ended')
    }
  })

  it('has ended when its time is used up, whoever stopped it then', () => {
    expect(conditionOf({ usedSeconds: 100 })).toBe('ended')
    expect(conditionOf({ state: 'settled', usedSeconds: 100 }, provider)).toBe('ended')
  })

  it('is gone, and nobody is blamed, when its id is another payer’s after a reorganisation', () => {
    expect(conditionOf({ payer: stranger, state: 'expired' })).toBe('gone')
    expect(conditionOf({ state: 'none' })).toBe('gone')
  })
})
