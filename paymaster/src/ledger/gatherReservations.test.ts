// Reservations that come together share their reads and writes; nobody is to tell it by what they hold.
import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { type Address, numberToHex } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from './ledger.ts'
import type { Reservation } from './reserve.ts'
import { type LedgerSchema, ledgerMigrations } from './schema.ts'

const depositWei = 1_000n
let database: Kysely<LedgerSchema>
let ledger: Ledger

beforeEach(async () => {
  database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  ledger = createLedger(database)
  const head = { number: 1n, hash: numberToHex(1, { size: 32 }) }
  await ledger.advance({ head, depositWei, landings: [], removedBlocks: [] })
})
afterEach(() => database.destroy())

const address = (index: number): Address => numberToHex(index + 1, { size: 20 })

/** Of 30 wei, out of a budget of 100 and its sender's own of 40. */
function reservation(sender: number, change: Partial<Reservation> = {}): Reservation {
  const maxCostWei = change.maxCostWei ?? 30n
  const budget = (id: string, limitWei: bigint) =>
    ({ id, name: id, limitWei, consumes: 'cost', holdWei: maxCostWei }) as const
  return {
    ...{ sender: address(sender), nonce: 0n, maxCostWei, validUntil: 500 },
    budgets: [budget('all', 100n), budget(`sender/${sender}`, 40n)],
    ...change,
  }
}

async function reserve(...reservations: readonly Reservation[]): Promise<readonly string[]> {
  const answers = await Promise.all(
    reservations.map(each => ledger.reserve(each).catch(() => 'failed' as const)),
  )
  return answers.map(answer => {
    if (answer === 'failed') return answer
    return answer.ok ? 'reserved' : (answer.refusal.data as { reason: string }).reason
  })
}

async function held(): Promise<Record<string, string>> {
  const budgets = await database.selectFrom('budget').selectAll().orderBy('id').execute()
  const position = await ledger.position()
  return {
    deposit: String(position?.depositHeldWei),
    ...Object.fromEntries(
      budgets.map(({ id, held_wei, held_operations }) => [id, `${held_wei} by ${held_operations}`]),
    ),
  }
}

describe('reservations that come together', () => {
  it('count against each other in their order, and what is refused holds nothing', async () => {
    const together = [0, 1, 2, 3, 4].map(sender => reservation(sender))
    const small = reservation(5, { maxCostWei: 10n })
    expect(await reserve(...together, small)).toEqual([
      ...['reserved', 'reserved', 'reserved', 'budgetUsedUp', 'budgetUsedUp'],
      'reserved',
    ])
    expect(await held()).toEqual({
      ...{ deposit: '100', all: '100 by 4' },
      ...{ 'sender/0': '30 by 1', 'sender/1': '30 by 1', 'sender/2': '30 by 1', 'sender/5': '10 by 1' },
    })
  })

  it('go on from what those before them hold', async () => {
    expect(await reserve(reservation(0), reservation(1))).toEqual(['reserved', 'reserved'])
    expect(await reserve(reservation(2), reservation(3))).toEqual(['reserved', 'budgetUsedUp'])
    expect(await held()).toMatchObject({ deposit: '90', all: '90 by 3' })
  })

  it('for one nonce hold the larger of the two', async () => {
    expect(await reserve(reservation(0), reservation(0, { maxCostWei: 35n }), reservation(0))).toEqual([
      ...['reserved', 'reserved', 'reserved'],
    ])
    expect(await held()).toEqual({ deposit: '35', all: '35 by 1', 'sender/0': '35 by 1' })
  })

  it('do not fail with one that cannot be written', async () => {
    const broken = reservation(1, { validUntil: Number.NaN })
    expect(await reserve(reservation(0), broken, reservation(2))).toEqual(['reserved', 'failed', 'reserved'])
    expect(await held()).toEqual({
      ...{ deposit: '60', all: '60 by 2' },
      ...{ 'sender/0': '30 by 1', 'sender/2': '30 by 1' },
    })
  })

  it('find a landing gone that one of them says is gone', async () => {
    expect(await reserve(reservation(0))).toEqual(['reserved'])
    const signed = {
      userOperationHash: numberToHex(9, { size: 32 }),
      exposureId: 1,
      mode: 'sponsor',
    } as const
    const budgetIds = ['all', 'sender/0']
    await ledger.record({ ...signed, policyId: '0xaa', maxCostWei: 30n, validUntil: 500, budgetIds })
    const block = { number: 2n, hash: numberToHex(2, { size: 32 }) }
    await ledger.advance({
      ...{ head: block, depositWei: depositWei - 20n, removedBlocks: [] },
      landings: [
        {
          ...{ sender: address(0), nonce: 0n, userOperationHash: signed.userOperationHash },
          ...{ costWei: 20n, lossWei: 0n, paidByUs: true, succeeded: true },
          ...{ transactionHash: numberToHex(8, { size: 32 }), block },
        },
      ],
      final: { number: 2n, timestamp: 100n },
    })
    const again = reservation(0, { nextNonce: 0n })
    expect(await reserve(reservation(1), again, reservation(2))).toEqual(['reserved', 'reserved', 'reserved'])
    expect(await held()).toMatchObject({ deposit: '90', all: '90 by 3' })
  })
})
