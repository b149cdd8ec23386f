// What strangers make the log keep has bounds, what it keeps is told, and nothing of it stands in a signature's way.
import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { createLogger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import { type Address, type Hash, numberToHex } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LiveUpdate } from '../admin/liveUpdates.ts'
import { deny } from '../denial.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'
import { type LedgerSchema, ledgerMigrations } from '../ledger/schema.ts'
import { expectExplorerToAgree } from '../testing/explorerTruth.ts'
import type { DecidedRequest } from './decidedRequest.ts'
import { createDecisionLog, type DecisionLog } from './decisionLog.ts'

const mostUnpaidRows = 200
const logger = createLogger({ name: 'test', level: 'silent' })
let database: Kysely<LedgerSchema>
let ledger: Ledger
let told: LiveUpdate[]
let nowSeconds: number
let log: DecisionLog

beforeEach(async () => {
  database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  ledger = createLedger(database)
  told = []
  nowSeconds = 1_790_000_000
  log = create(ledger)
})
afterEach(() => database.destroy())

function create(into: Pick<Ledger, 'writeLater'>): DecisionLog {
  return createDecisionLog({
    ledger: into,
    live: { tell: update => void told.push(update) },
    mostUnpaidRows,
    now: () => nowSeconds,
    policies: () => [],
    logger,
  })
}

const address = (index: number): Address => numberToHex(index + 1, { size: 20 })

function requestOf(sender: Address): Extract<DecidedRequest, { outcome: 'granted' }>['request'] {
  const gas = { callGasLimit: 1n, verificationGasLimit: 1n, preVerificationGas: 1n }
  const fees = { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }
  const operation = { sender, nonce: 7n, callData: '0x', ...gas, ...fees } as const
  return { operation, payment: { by: 'operator' }, caller: '203.0.113.1' }
}

function refused(sender: Address, reason: 'feeTooLow' | 'feeTooHigh' = 'feeTooLow'): DecidedRequest {
  const denied = deny(reason, { problem: 'It is so', remedy: 'mend it' })
  if (denied.ok) throw new Error('a denial is no')
  const request = requestOf(sender)
  return { outcome: 'refused', request, caller: request.caller, refusal: denied.refusal, rules: [] }
}

async function granted(index: number): Promise<DecidedRequest> {
  const validUntil = nowSeconds + 180
  const request = requestOf(address(index))
  const budgets = [] as const
  const reserved = await ledger.reserve({ ...request.operation, maxCostWei: 1n, validUntil, budgets })
  if (!reserved.ok) throw new Error(reserved.refusal.message)
  const gas = { paymasterVerificationGasLimit: 1n, paymasterPostOpGasLimit: 0n }
  const decision = { mode: 'token', paymasterGas: gas, maxCostWei: 1n, maxChargeWei: 1n } as const
  const userOperationHash: Hash = numberToHex(index + 1, { size: 32 })
  return {
    outcome: 'granted',
    request,
    granted: {
      decision: { ...decision, validitySeconds: 180, budgets: [] },
      ...{ userOperationHash, exposureId: reserved.value, validUntil, rules: [] },
    },
  }
}

const rows = () => database.selectFrom('decision').selectAll().orderBy('id').execute()
const start = () =>
  ledger.advance({
    ...{ removedBlocks: [], landings: [], depositWei: 1_000_000n },
    head: { number: 0n, hash: numberToHex(1, { size: 32 }) },
  })

describe('refusals', () => {
  it('of one sender within a minute and for one reason are one row with their number', async () => {
    for (let times = 0; times < 90; times++) log.onDecided(refused(address(1)))
    log.onDecided(refused(address(1), 'feeTooHigh'))
    log.onDecided(refused(address(2)))
    await log.flushed()
    log.onDecided(refused(address(1)))
    await log.flushed()
    expect((await rows()).map(({ times }) => times)).toEqual([91, 1, 1])
    nowSeconds += 60
    log.onDecided(refused(address(1)))
    await log.flushed()
    expect((await rows()).map(({ times }) => times)).toEqual([91, 1, 1, 1])
  })

  it('are counted by the hour one by one, however few rows they are', async () => {
    for (let times = 0; times < 70; times++) log.onDecided(refused(address(times % 2)))
    await log.flushed()
    const hours = await database.selectFrom('decision_hour').selectAll().execute()
    expect(hours).toMatchObject([{ outcome: 'refused', reason: 'feeTooLow', requests: 70 }])
  })

  it('of ever new senders fill no more rows than are allowed, and the newest stay', async () => {
    for (let sender = 0; sender < 3 * mostUnpaidRows; sender++) {
      log.onDecided(refused(address(sender)))
      if (sender % 50 === 0) nowSeconds++
    }
    await log.flushed()
    const kept = await rows()
    expect(kept.length).toBeLessThanOrEqual(mostUnpaidRows)
    expect(kept.at(-1)?.sender?.toString('hex')).toBe(address(3 * mostUnpaidRows - 1).slice(2))
    const details = await database.selectFrom('decision_detail').select('decision_id').execute()
    expect(details.map(({ decision_id }) => decision_id)).toEqual(kept.map(({ id }) => id))
    await expectExplorerToAgree(database)
  })
})

describe('a grant', () => {
  it('is told to open consoles by its hash, and a refusal by its number, once they can be read', async () => {
    await start()
    log.onDecided(await granted(1))
    log.onDecided(refused(address(2)))
    expect(told).toEqual([])
    await log.flushed()
    const [, refusal] = await rows()
    expect(told).toEqual([
      { kind: 'operation', id: numberToHex(2, { size: 32 }) },
      { kind: 'operation', id: String(refusal?.id) },
    ])
  })

  it('signed for twice in a second is one row', async () => {
    await start()
    const one = await granted(1)
    log.onDecided(one)
    log.onDecided(one)
    await log.flushed()
    expect((await rows()).map(({ times }) => times)).toEqual([2])
  })

  it('that has landed before it is written is shown as landed, with its reason', async () => {
    await start()
    const one = await granted(1)
    if (one.outcome !== 'granted') throw new Error('it is granted')
    const { sender, nonce } = one.request.operation
    const block = { number: 1n, hash: numberToHex(5, { size: 32 }) }
    await ledger.advance({
      ...{ removedBlocks: [], depositWei: 1_000_000n, head: block },
      landings: [
        {
          ...{ userOperationHash: one.granted.userOperationHash, sender, nonce, costWei: 1n, lossWei: 0n },
          ...{ paidByUs: true, succeeded: true, transactionHash: block.hash, block, atSeconds: nowSeconds },
        },
      ],
    })
    expect(await database.selectFrom('decision_detail').selectAll().execute()).toEqual([])
    log.onDecided(one)
    await log.flushed()
    expect(await rows()).toMatchObject([{ is_landed: 1, caller: '203.0.113.1' }])
    expect(await database.selectFrom('decision_detail').select('sentence').execute()).toHaveLength(1)
    await expectExplorerToAgree(database)
  })
})

it('waits for a disk that cannot be written, and keeps what it was told meanwhile up to a bound', async () => {
  let isFull = true
  log = create({
    async writeLater(write) {
      if (isFull) throw new Outage('try again later', 'the disk is full')
      return await ledger.writeLater(write)
    },
  })
  for (let sender = 0; sender < 12_000; sender++) log.onDecided(refused(address(sender)))
  await log.flushed()
  expect(await rows()).toEqual([])
  isFull = false
  await log.flushed()
  const { requests } = await database.selectFrom('decision_hour').select('requests').executeTakeFirstOrThrow()
  expect(requests).toBe(10_000)
})

it('lets go of decisions with the ledger’s rows, and keeps the hours', async () => {
  await start()
  for (let sender = 0; sender < 40; sender++) log.onDecided(refused(address(sender)))
  await log.flushed()
  const later = nowSeconds + 3 * 86_400
  await ledger.prune({ beforeSeconds: later - 2 * 86_400, unsentBeforeSeconds: later - 3_600 })
  expect(await rows()).toEqual([])
  expect(await database.selectFrom('decision_hour').selectAll().execute()).toHaveLength(1)
  await expectExplorerToAgree(database)
})
