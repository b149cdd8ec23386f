import { describe, expect, it } from 'vitest'
import { openReputation } from '../testing/openReputation.ts'
import { numberedAddress, sponsoredBy, stakeOf, validatedOperation } from '../testing/validated.ts'
import { blamedFor, dodgersOf, recordCrash, recordFailure, refusalOf } from './blame.ts'

const sender = numberedAddress(1)
const factory = numberedAddress(2)
const paymaster = numberedAddress(3)

function operation(staked: { sender?: boolean; factory?: boolean } = {}) {
  return validatedOperation(
    { sender, factory, factoryData: '0x', ...sponsoredBy(paymaster) },
    {
      entities: {
        sender: stakeOf(sender, staked.sender),
        factory: stakeOf(factory, staked.factory),
        paymaster: stakeOf(paymaster),
      },
    },
  )
}
const blamed = (reason: string, staked = {}) =>
  blamedFor(refusalOf(reason, operation(staked)), operation(staked))?.address

describe('who is to blame', () => {
  it('is the factory for what the deployment did', () => {
    expect(blamed('AA13 initCode failed or OOG')).toBe(factory)
    expect(blamed('AA13 initCode failed or OOG', { sender: true })).toBe(factory)
  })

  it('is the account for its validation, or a staked factory in its stead [EREP-020]', () => {
    expect(blamed('AA23 reverted')).toBe(sender)
    expect(blamed('AA23 reverted', { factory: true })).toBe(factory)
  })

  it('is the paymaster for its validation, or a staked account in its stead [EREP-030]', () => {
    expect(blamed('AA33 reverted')).toBe(paymaster)
    expect(blamed('AA33 reverted', { sender: true })).toBe(sender)
    expect(blamed('AA34 signature error')).toBe(paymaster)
  })

  it('is whom a broken rule names', () => {
    const refusal = {
      code: -32502,
      message: 'paymaster uses banned opcode: TIMESTAMP',
      data: { entity: 'paymaster' },
    }
    expect(blamedFor(refusal, operation())?.address).toBe(paymaster)
  })
})

describe('the record', () => {
  it('keeps a failure of the account off that of the paymaster [EREP-015]', async () => {
    const reputation = await openReputation()
    const failed = operation({ sender: true })
    reputation.seen([sender, paymaster])
    recordFailure(reputation, failed, refusalOf('AA23 reverted', failed))
    expect(reputation.entryOf(paymaster).opsSeen).toBe(0)
    expect(reputation.entryOf(sender).opsSeen).toBe(1)
  })

  it('is kept of paymasters and of whoever is staked, and of no other', async () => {
    const reputation = await openReputation()
    const failed = operation()
    recordFailure(reputation, failed, refusalOf('AA23 reverted', failed))
    expect(reputation.dump()).toEqual([])
    recordFailure(reputation, failed, refusalOf('AA33 reverted', failed))
    expect(reputation.dump()).toMatchObject([{ address: paymaster, opsSeen: 1 }])
  })

  it('blames nobody for an account that someone else has deployed meanwhile', async () => {
    const reputation = await openReputation()
    const failed = operation({ factory: true })
    const refusal = refusalOf('AA10 sender already constructed', failed)
    expect(recordCrash(reputation, failed, refusal)).toBeUndefined()
    expect(reputation.dump()).toEqual([])
  })

  it('of an unstaked account begins when it has made a bundle fail, and three of them keep it out', async () => {
    const reputation = await openReputation()
    const failed = operation()
    const statuses = [1, 2, 3].map(() => {
      expect(recordCrash(reputation, failed, refusalOf('AA23 reverted', failed))).toBe(sender)
      return reputation.statusOf(sender)
    })
    expect(statuses).toEqual(['throttled', 'throttled', 'banned'])
  })

  it('bans who passed second validation and fails the bundle [GREP-040]', async () => {
    const reputation = await openReputation()
    const failed = operation()
    expect(recordCrash(reputation, failed, refusalOf('AA33 reverted', failed))).toBe(paymaster)
    expect(reputation.entryOf(paymaster)).toMatchObject({ opsSeen: 10_000, opsIncluded: 0 })
    expect(reputation.statusOf(sender)).toBe('ok')
  })

  it('bans a paymaster that changed the size of its context, whoever the failure names [EREP-055]', async () => {
    const reputation = await openReputation()
    const record = (contextBytes: number) => ({ contextBytes, phaseGas: {} })
    const failed = { ...operation(), accepted: record(32), current: record(64) }
    expect(recordCrash(reputation, failed, refusalOf('AA23 reverted', failed))).toBe(paymaster)
  })

  it.each([
    ['a staked factory that takes 11 % less gas', true, 89_000, [factory]],
    ['a staked factory that takes 10 % less gas', true, 90_000, []],
    ['an unstaked factory that takes 11 % less gas', false, 89_000, []],
  ] as const)('counts %s [EREP-070]', (_, isStaked, now, expected) => {
    const record = (gas: number) => ({ contextBytes: 0, phaseGas: { factory: gas, sender: 1 } })
    const changed = { ...operation({ factory: isStaked }), accepted: record(100_000), current: record(now) }
    expect(dodgersOf(changed)).toEqual(expected)
  })
})

describe('the refusal', () => {
  it.each([
    ['AA24 signature error', -32507],
    ['AA34 signature error', -32507],
    ['AA22 expired or not due', -32503],
    ['AA32 paymaster expired or not due', -32503],
    ['AA31 paymaster deposit too low', -32501],
    ['AA25 invalid account nonce', -32500],
  ])('for %s has code %i and the EntryPoint’s text', (reason, code) => {
    expect(refusalOf(reason, operation())).toMatchObject({ code, message: reason })
  })
})
