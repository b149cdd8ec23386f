import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@worldland-aa/service/logger'
import fc from 'fast-check'
import { type Address, getAddress } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openBundlerDatabase } from '../database.ts'
import { faded, statusFrom } from './counters.ts'
import { createReputation, type Reputation, type ReputationOptions } from './reputation.ts'

const hour = 3_600_000
const entity = getAddress('0xabcdefabcdefabcdefabcdefabcdefabcdefabcd')
const other: Address = '0x00000000000000000000000000000000000000bb'

let directory: string
let database: Database
let now = 0
const opened: Database[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reputation-'))
  now = 1_000 * hour
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.destroy()
  rmSync(directory, { recursive: true })
})

/** As after a start of the daemon, on the same file. */
async function started(options: Partial<ReputationOptions> = {}): Promise<Reputation> {
  for (const one of opened.splice(0)) await one.destroy()
  database = (await openBundlerDatabase(join(directory, 'bundler.sqlite'))).database
  opened.push(database)
  const reputation = createReputation({
    database,
    clock: { now: () => now },
    logger: createLogger({ name: 'test', level: 'silent' }),
    ...options,
  })
  await reputation.start()
  return reputation
}

describe('the status of an entity', () => {
  it.each([
    ['a newcomer', 0, 0, 'ok'],
    ['109 unkept promises', 109, 0, 'ok'],
    ['110 unkept promises', 110, 0, 'throttled'],
    ['110 promises of which one in ten was kept', 110, 1, 'ok'],
    ['509 unkept promises', 509, 0, 'throttled'],
    ['510 unkept promises', 510, 0, 'banned'],
    ['510 promises and one kept', 510, 1, 'throttled'],
    ['10,000 promises and 949 kept', 10_000, 949, 'banned'],
    ['10,000 promises and 950 kept', 10_000, 950, 'throttled'],
    ['10,000 promises and 990 kept', 10_000, 990, 'ok'],
  ] as const)('after %s (%i seen, %i included) is %s', (_, opsSeen, opsIncluded, status) => {
    expect(statusFrom({ opsSeen, opsIncluded })).toBe(status)
  })

  it('worsens with operations that are seen and heals with those that land', async () => {
    const reputation = await started()
    for (let count = 0; count < 110; count++) reputation.seen([entity, other])
    expect(reputation.statusOf(entity)).toBe('throttled')
    reputation.included([entity])
    expect(reputation.statusOf(entity)).toBe('ok')
    expect(reputation.statusOf(other)).toBe('throttled')
    reputation.forget([other])
    expect(reputation.statusOf(other)).toBe('ok')
  })

  it('is banned at once for failing a bundle', async () => {
    const reputation = await started()
    reputation.set([{ address: entity, opsSeen: 500, opsIncluded: 500 }])
    reputation.crashed(entity)
    expect(reputation.entryOf(entity)).toEqual({ address: entity, opsSeen: 10_000, opsIncluded: 0 })
    expect(reputation.statusOf(entity)).toBe('banned')
  })

  it('is throttled for dodging, until more of its operations land, and a ban stays a ban [EREP-070]', async () => {
    const reputation = await started()
    reputation.set([{ address: entity, opsSeen: 20, opsIncluded: 20 }])
    reputation.dodged(entity)
    expect(reputation.statusOf(entity)).toBe('throttled')
    reputation.included([entity])
    expect(reputation.statusOf(entity)).toBe('ok')
    reputation.crashed(other)
    reputation.dodged(other)
    expect(reputation.statusOf(other)).toBe('banned')
  })

  it('is kept apart for each alternative mempool, over a restart too [ALT-040]', async () => {
    const before = await started()
    before.within(['clocks']).crashed(entity)
    await before.stop()
    const reputation = await started()
    expect(reputation.within(['clocks']).statusOf(entity)).toBe('banned')
    expect(reputation.within(['clocks', 'others']).statusOf(entity)).toBe('ok')
    expect(reputation.statusOf(entity)).toBe('ok')
    expect(reputation.dump()).toEqual([])
  })

  it('is counted for an alternative mempool as for an entity [AREP-010]', async () => {
    const reputation = await started()
    for (let count = 0; count < 110; count++) reputation.within(['clocks']).seen([entity])
    expect(reputation.statusOfMempool('clocks')).toBe('throttled')
    reputation.within(['clocks']).included([entity])
    expect(reputation.statusOfMempool('clocks')).toBe('ok')
  })

  it('follows the slacks that the operator sets', async () => {
    const reputation = await started({ slacks: { throttling: 0, ban: 1 } })
    reputation.set([{ address: entity, opsSeen: 10, opsIncluded: 0 }])
    expect(reputation.statusOf(entity)).toBe('throttled')
    reputation.set([{ address: entity, opsSeen: 20, opsIncluded: 0 }])
    expect(reputation.statusOf(entity)).toBe('banned')
  })

  it('does not depend on how its address is written', async () => {
    const reputation = await started()
    reputation.crashed(entity)
    expect(reputation.statusOf(entity.toLowerCase() as Address)).toBe('banned')
  })

  it('is what the operator says for those allowed and denied', async () => {
    const reputation = await started({ allowed: [entity], denied: [other] })
    reputation.crashed(entity)
    expect(reputation.statusOf(entity)).toBe('ok')
    expect(reputation.statusOf(other)).toBe('banned')
  })

  it('counts an operation once for an entity that stands in two roles', async () => {
    const reputation = await started()
    reputation.seen([entity, entity.toLowerCase() as Address])
    expect(reputation.entryOf(entity).opsSeen).toBe(1)
  })

  it('never counts below zero', async () => {
    const reputation = await started()
    reputation.forget([entity])
    expect(reputation.entryOf(entity)).toEqual({ address: entity, opsSeen: 0, opsIncluded: 0 })
  })
})

describe('time', () => {
  it('takes a 24th part of both counters every hour', async () => {
    const reputation = await started()
    reputation.set([{ address: entity, opsSeen: 240, opsIncluded: 48 }])
    now += hour - 1
    expect(reputation.entryOf(entity)).toMatchObject({ opsSeen: 240, opsIncluded: 48 })
    now += 1
    expect(reputation.entryOf(entity)).toMatchObject({ opsSeen: 230, opsIncluded: 46 })
  })

  it('lifts a ban in the end, and forgets the entity at last', async () => {
    const reputation = await started()
    reputation.crashed(entity)
    now += 24 * hour
    expect(reputation.statusOf(entity)).toBe('banned')
    now += 4 * 24 * hour
    expect(reputation.statusOf(entity)).toBe('ok')
    now += 30 * 24 * hour
    await reputation.flush()
    expect(reputation.dump()).toEqual([])
    expect(await database.selectFrom('reputation').selectAll().execute()).toEqual([])
  })

  it('fades the same in one step as in many, whatever the counters', () => {
    const counter = fc.integer({ min: 0, max: 1_000_000 })
    const hours = fc.integer({ min: 0, max: 500 })
    fc.assert(
      fc.property(counter, counter, hours, hours, (opsSeen, opsIncluded, first, second) => {
        const counters = { opsSeen, opsIncluded }
        expect(faded(faded(counters, first), second)).toEqual(faded(counters, first + second))
      }),
    )
  })

  it('does not fade backwards when the clock is set back', async () => {
    const reputation = await started()
    reputation.set([{ address: entity, opsSeen: 240, opsIncluded: 0 }])
    now -= 10 * hour
    expect(reputation.entryOf(entity).opsSeen).toBe(240)
  })
})

describe('a restart', () => {
  it('finds all counters again, faded by the hours it was away', async () => {
    const before = await started()
    before.set([{ address: entity, opsSeen: 240, opsIncluded: 24 }])
    before.seen([other])
    await before.stop()
    now += 2 * hour
    const after = await started()
    expect(after.entryOf(entity)).toEqual({ address: entity, opsSeen: 220, opsIncluded: 22 })
    expect(after.entryOf(other).opsSeen).toBe(0)
  })

  it('finds nothing of what was cleared', async () => {
    const before = await started()
    for (let count = 0; count < 2_500; count++) {
      before.crashed(`0x${count.toString(16).padStart(40, '0')}`)
    }
    await before.flush()
    before.clear()
    await before.stop()
    expect((await started()).dump()).toEqual([])
  })

  it('finds what was counted although a write had failed before', async () => {
    const before = await started()
    await database.schema.alterTable('reputation').renameTo('away').execute()
    before.seen([entity])
    await expect(before.flush()).rejects.toThrow()
    await database.schema.alterTable('away').renameTo('reputation').execute()
    before.seen([other])
    await before.stop()
    const after = await started()
    expect(after.dump()).toHaveLength(2)
  })
})

describe('the dump', () => {
  it('lists every entity with its counters and status', async () => {
    const reputation = await started()
    reputation.crashed(entity)
    reputation.included([other])
    expect(reputation.dump()).toEqual([
      { address: entity.toLowerCase(), opsSeen: 10_000, opsIncluded: 0, status: 'banned' },
      { address: other, opsSeen: 0, opsIncluded: 1, status: 'ok' },
    ])
  })
})
