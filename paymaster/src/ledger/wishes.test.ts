// What anyone asked for and never sent: rows of it must neither pile up nor be gone through for every block and every look.
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { CompiledQuery, type Kysely, type KyselyPlugin, type RootOperationNode } from 'kysely'
import { type Address, type Hash, numberToHex } from 'viem'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLedger, type Ledger } from './ledger.ts'
import { type LedgerSchema, ledgerMigrations } from './schema.ts'

const hour = 3_600
const validUntil = 10 * hour
const hash = (number: number): Hash => numberToHex(number, { size: 32 })
const block = (number: number) => ({ number: BigInt(number), hash: hash(number) })
const sender = (index: number): Address => numberToHex(index, { size: 20 })
const longAgo = { beforeSeconds: 0, unsentBeforeSeconds: 0 }

let database: Kysely<LedgerSchema>
let ledger: Ledger
/** What was asked of the database. */
let asked: RootOperationNode[]

beforeEach(async () => {
  database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  asked = []
  const listening: KyselyPlugin = {
    transformQuery({ node }) {
      asked.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  ledger = createLedger(database.withPlugin(listening))
  await advance(0, 0)
})
afterEach(() => database.destroy())

async function advance(head: number, finalSeconds: number, landed: readonly number[] = []): Promise<void> {
  await ledger.advance({
    removedBlocks: [],
    landings: landed.map(index => ({
      userOperationHash: hash(index),
      sender: sender(index),
      nonce: 0n,
      costWei: 5n,
      lossWei: 0n,
      paidByUs: true,
      succeeded: true,
      transactionHash: hash(7),
      block: block(head),
    })),
    head: block(head),
    depositWei: 10n ** 9n,
    final: { number: BigInt(head - 1), timestamp: BigInt(finalSeconds) },
  })
}

/** That never starts anew. */
const shareOf = (index: number) =>
  ({ id: `policy/demo/${sender(index)}/total`, name: 'its share', consumes: 'cost' }) as const

async function sign(index: number): Promise<void> {
  const wish = { sender: sender(index), nonce: 0n, maxCostWei: 10n, validUntil }
  const reserved = await ledger.reserve({ ...wish, budgets: [{ ...shareOf(index), holdWei: 10n }] })
  if (!reserved.ok) throw new Error(reserved.refusal.message)
  const signature = {
    userOperationHash: hash(index),
    mode: 'sponsor',
    policyId: hash(1),
    budgetIds: [shareOf(index).id],
  }
  await ledger.record({ ...wish, ...signature, exposureId: reserved.value })
}

const rows = async () => await database.selectFrom('exposure').select(['sender', 'state']).execute()

it('goes soon, and what was landed stays for as long as the operator keeps it', async () => {
  for (const index of [1, 2, 3]) await sign(index)
  await advance(1, 0, [2])
  await advance(2, validUntil + 1)
  await advance(3, validUntil + 2)
  const unsentBeforeSeconds = validUntil + 1
  expect(await ledger.prune({ beforeSeconds: 0, unsentBeforeSeconds })).toMatchObject({ exposures: 2 })
  expect(await rows()).toEqual([{ sender: sender(2), state: 'FINAL' }])
  expect(await database.selectFrom('signature').select('user_operation_hash').execute()).toEqual([
    { user_operation_hash: hash(2) },
  ])
  expect(await database.selectFrom('budget').select(['id', 'used_wei']).execute()).toEqual([
    { id: shareOf(2).id, used_wei: '5' },
  ])
  await sign(1)
  expect(await ledger.prune({ ...longAgo, beforeSeconds: validUntil + 1 })).toMatchObject({ exposures: 1 })
})

it('is gone through at no row that goes: what refers to it is found by an index', async () => {
  const references = await database.executeQuery<{ child: string; column: string }>(
    CompiledQuery.raw(`select tables.name as child, keys."from" as column
      from sqlite_schema tables, pragma_foreign_key_list(tables.name) keys where tables.type = 'table'`),
  )
  const indexed = await database.executeQuery<{ child: string; column: string }>(
    CompiledQuery.raw(`select tables.name as child, columns.name as column
      from sqlite_schema tables, pragma_index_list(tables.name) indexes, pragma_index_info(indexes.name) columns
      where tables.type = 'table' and columns.seqno = 0`),
  )
  expect(references.rows.length).toBeGreaterThan(2)
  expect(indexed.rows).toEqual(expect.arrayContaining([...references.rows]))
})

it('is gone through neither for a block nor for a look at what is held', async () => {
  await sign(1)
  asked.length = 0
  await advance(1, 1, [1])
  await ledger.prune(longAgo)
  await ledger.held()
  const plans: string[] = []
  for (const node of asked.filter(({ kind }) => kind !== 'RawNode')) {
    const { sql, parameters } = database.getExecutor().compileQuery(node, { queryId: 'explained' })
    const plan = await database.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    )
    plans.push(...plan.rows.map(({ detail }) => detail))
  }
  expect(plans.filter(detail => detail.includes('exposure')).length).toBeGreaterThan(5)
  expect(plans.filter(detail => /^SCAN (exposure|signature|hold)$/.test(detail))).toEqual([])
})
