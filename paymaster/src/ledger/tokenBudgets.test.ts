// Budgets in the token, and mishaps: used when an operation is final, given back where a reorg takes it, never twice.
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import type { Kysely } from 'kysely'
import { type Address, type Hash, numberToHex } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Landing } from './advance.ts'
import type { Budget } from './budget.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { forgiveMishaps, readMishaps, readWasted, sendersWithMishaps } from './mishaps.ts'
import { type LedgerSchema, ledgerMigrations } from './schema.ts'

const sender: Address = numberToHex(7, { size: 20 })
const hash = (index: number): Hash => numberToHex(index + 1, { size: 32 })
const tokenBudget = 'policy/demo/global/token/total'
let database: Kysely<LedgerSchema>
let ledger: Ledger

beforeEach(async () => {
  database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  ledger = createLedger(database)
  await advance(1)
})
afterEach(() => database.destroy())

function budgets(costWei: bigint, tokenWei: bigint): Budget[] {
  const common = { name: 'the budget' } as const
  return [
    { ...common, id: 'policy/demo/global/total', consumes: 'cost', limitWei: 1_000n, holdWei: costWei },
    { ...common, id: tokenBudget, consumes: 'token', limitWei: 100n, holdWei: tokenWei },
  ]
}

/** Also signs for it; the reason where there is no room. */
async function sign(nonce: number, tokenWei: bigint, isRecorded = true): Promise<string> {
  const all = budgets(50n, tokenWei)
  const wish = { sender, nonce: BigInt(nonce), maxCostWei: 50n, validUntil: 50_000, budgets: all }
  const reserved = await ledger.reserve(wish)
  if (!reserved.ok) return (reserved.refusal.data as { reason: string }).reason
  if (!isRecorded) return 'signed'
  const signed = { userOperationHash: hash(nonce), mode: 'sponsor', policyId: '0xaa' } as const
  const budgetIds = all.map(({ id }) => id)
  await ledger.record({ ...wish, ...signed, exposureId: reserved.value, budgetIds, tokenSpendWei: tokenWei })
  return 'signed'
}

const landing = (nonce: number, block: number, succeeded = true): Landing => ({
  userOperationHash: hash(nonce),
  sender,
  nonce: BigInt(nonce),
  costWei: 30n,
  lossWei: 30n,
  paidByUs: true,
  succeeded,
  transactionHash: hash(0),
  block: { number: BigInt(block), hash: hash(1_000 + block) },
})

async function advance(head: number, landings: Landing[] = [], removedBlocks: Hash[] = []): Promise<void> {
  await ledger.advance({
    removedBlocks,
    landings,
    head: { number: BigInt(head), hash: hash(1_000 + head) },
    depositWei: 10_000n,
    final: { number: BigInt(head - 3), timestamp: BigInt(head * 10) },
  })
}

async function tokens(): Promise<{ held: string; used: string }> {
  const row = await database
    .selectFrom('budget')
    .selectAll()
    .where('id', '=', tokenBudget)
    .executeTakeFirstOrThrow()
  return { held: row.held_wei, used: row.used_wei }
}

describe('a budget in the token', () => {
  it('says what is left of it by the token’s own decimals and name', async () => {
    const [, budget] = budgets(50n, 101n)
    const shownIn = { symbol: 'SIX', decimals: 6 }
    const wish = { sender, nonce: 0n, maxCostWei: 50n, validUntil: 50_000 }
    const refused = await ledger.reserve({ ...wish, budgets: [{ ...(budget as Budget), shownIn }] })
    expect(refused).toMatchObject({
      refusal: {
        message: expect.stringContaining(
          '(0.0001 SIX) 0.0001 SIX are left, and this operation may spend 0.000101 SIX',
        ),
        data: { limitWei: '100', freeWei: '100' },
      },
    })
  })

  it('holds what may be spent, uses it once it is final, and is not exceeded by a wei', async () => {
    expect(await sign(0, 60n)).toBe('signed')
    expect(await sign(1, 41n)).toBe('budgetUsedUp')
    expect(await sign(1, 40n)).toBe('signed')
    await advance(2, [landing(0, 2)])
    expect(await tokens()).toEqual({ held: '100', used: '0' })
    await advance(9)
    expect(await tokens()).toEqual({ held: '40', used: '60' })
    expect(await sign(2, 1n)).toBe('budgetUsedUp')
  })

  it('is not used by an operation that failed, nor by one that never lands', async () => {
    await sign(0, 60n)
    await sign(1, 40n)
    await advance(2, [landing(0, 2, false)])
    await advance(9)
    expect(await tokens()).toEqual({ held: '40', used: '0' })
    await advance(6_000)
    expect(await tokens()).toEqual({ held: '0', used: '0' })
  })

  it('is given back by a reorg deeper than finality, and used once where the operation lands again', async () => {
    await sign(0, 60n)
    await advance(2, [landing(0, 2)])
    await advance(9)
    await advance(10, [], [hash(1_002)])
    expect(await tokens()).toEqual({ held: '60', used: '0' })
    await advance(11, [landing(0, 11)])
    await advance(20)
    expect(await tokens()).toEqual({ held: '0', used: '60' })
  })

  it('is used by what was held where the signature was lost with a stop', async () => {
    await sign(0, 60n, false)
    await advance(2, [landing(0, 2)])
    await advance(9)
    expect(await tokens()).toEqual({ held: '0', used: '60' })
  })
})

describe('mishaps', () => {
  it('are sponsored operations that failed, counted when they are final and taken back with them', async () => {
    await sign(0, 1n)
    await sign(1, 1n)
    await advance(2, [landing(0, 2, false), landing(1, 2)])
    expect(await readMishaps(database, sender, 0)).toEqual([])
    await advance(9)
    expect(await readMishaps(database, sender, 0)).toEqual([{ atSeconds: 90, hasFailed: true, lossWei: 30n }])
    expect(await readMishaps(database, sender, 91)).toEqual([])
    expect(await readWasted(database)).toEqual(new Map([['0xaa', 30n]]))
    await advance(10, [], [hash(1_002)])
    expect(await readMishaps(database, sender, 0)).toEqual([])
  })

  it('are forgiven, for good', async () => {
    await sign(0, 1n)
    await advance(2, [landing(0, 2, false)])
    await advance(9)
    expect(await sendersWithMishaps(database, { after: '', limit: 10 })).toEqual([sender])
    expect(await forgiveMishaps(database, sender)).toBe(1)
    expect(await readMishaps(database, sender, 0)).toEqual([])
    expect(await forgiveMishaps(database, sender)).toBe(0)
    expect(await sendersWithMishaps(database, { after: '', limit: 10 })).toEqual([])
  })
})

describe('a trial reservation', () => {
  it('is answered as a real one, and nothing of it stays', async () => {
    const wish = { sender, nonce: 0n, maxCostWei: 50n, validUntil: 5_000 }
    expect(await ledger.tryReserve({ ...wish, budgets: budgets(50n, 60n) })).toEqual({
      ok: true,
      value: undefined,
    })
    expect(await ledger.tryReserve({ ...wish, budgets: budgets(50n, 101n) })).toMatchObject({ ok: false })
    expect(await database.selectFrom('exposure').selectAll().execute()).toEqual([])
    expect(await database.selectFrom('budget').selectAll().execute()).toEqual([])
    expect((await ledger.position())?.depositHeldWei).toBe(0n)
  })
})
