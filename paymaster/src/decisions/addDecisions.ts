// The rows of a batch, by one statement for each table: of many short statements, most of the time would go into writing
// them.
import type { SqlValue } from '@worldland-aa/service/database/reader'
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { Insertable, Transaction } from 'kysely'
import { rowsOf } from '../ledger/budgetCounters.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import { fromBytes } from './bytes.ts'
import type { DecisionRow } from './decisionRow.ts'
import type { Facets } from './facets.ts'
import type { PendingDecision } from './writeDecisions.ts'

type Ledger = Transaction<LedgerSchema>
type NewDecision = { pending: PendingDecision; id: number; facetId: number }

/** Their ids, in their order. */
export async function addDecisions(
  ledger: Ledger,
  facets: Facets,
  added: readonly PendingDecision[],
): Promise<readonly number[]> {
  let lastId = findLastId(ledger)
  const known = findKnown(ledger, added)
  const ids: number[] = []
  const fresh: NewDecision[] = []
  const again: { pending: PendingDecision; index: number }[] = []
  for (const [index, pending] of added.entries()) {
    const hash = pending.row.userOperationHash && fromBytes(pending.row.userOperationHash)
    if (hash !== null && known.has(hash)) {
      again.push({ pending, index })
      continue
    }
    if (hash !== null) known.add(hash)
    const id = ++lastId
    ids[index] = id
    fresh.push({ pending, id, facetId: facets.idOf(pending.row.facet) })
  }
  insert(ledger, facets, fresh)
  for (const { pending, index } of again) ids[index] = await addAgain(ledger, facets, pending)
  return ids
}

/** Numbers are never given twice, also when the newest row has gone. */
function findLastId(ledger: Ledger): number {
  const [row] = statementsOf(ledger).all<{ seq: number }>(
    "select seq from sqlite_sequence where name = 'decision'",
    [],
  )
  return row?.seq ?? 0
}

function findKnown(ledger: Ledger, added: readonly PendingDecision[]): Set<string> {
  const hashes = added.flatMap(({ row }) => row.userOperationHash ?? [])
  if (hashes.length === 0) return new Set()
  const rows = statementsOf(ledger).all<{ user_operation_hash: Buffer }>(
    `select user_operation_hash from decision where user_operation_hash in ${rowsOf(1, hashes.length)}`,
    hashes,
  )
  return new Set(rows.map(row => fromBytes(row.user_operation_hash)))
}

function insert(ledger: Ledger, facets: Facets, fresh: readonly NewDecision[]): void {
  if (fresh.length === 0) return
  insertRows(
    ledger,
    'decision',
    fresh.map(({ pending, id, facetId }) => ({
      id,
      facet_id: facetId,
      times: pending.times,
      nonce: pending.row.nonce,
      sender: pending.row.sender,
      user_operation_hash: pending.row.userOperationHash,
      exposure_id: pending.row.exposureId,
      is_landed: 0,
      ...changing(pending),
    })),
  )
  insertRows(
    ledger,
    'decision_detail',
    fresh.map(({ pending, id }) => ({ decision_id: id, ...pending.row.detail })),
  )
  for (const { facetId } of fresh) facets.count(facetId, 1)
}

/** In one statement, as text: for as many values a query builder takes longer than SQLite. */
function insertRows<Table extends 'decision' | 'decision_detail'>(
  ledger: Ledger,
  table: Table,
  rows: readonly Insertable<LedgerSchema[Table]>[],
): void {
  const columns = Object.keys(rows[0] ?? {}) as (keyof Insertable<LedgerSchema[Table]>)[]
  const values = rows.flatMap(row => columns.map(column => row[column] as SqlValue))
  const sqlText = `insert into ${table} (${columns.join(', ')}) values ${rowsOf(rows.length, columns.length)}`
  statementsOf(ledger).run(sqlText, values)
}

/** What a row has that was rebuilt from the ledger is not that of its decision. */
function changing({ row, atSeconds, lastAtSeconds }: PendingDecision) {
  return {
    at: atSeconds,
    last_at: lastAtSeconds,
    caller: row.caller,
    policy_version: row.policyVersion,
    max_cost_wei: row.maxCostWei,
  } satisfies Partial<Record<keyof LedgerSchema['decision'], unknown>>
}

/** The same operation signed for again in the same second, or one that landed before its decision was on the disk. */
async function addAgain(ledger: Ledger, facets: Facets, pending: PendingDecision): Promise<number> {
  const row: DecisionRow = pending.row
  const known = await ledger
    .selectFrom('decision')
    .innerJoin('decision_facet', 'decision_facet.id', 'decision.facet_id')
    .leftJoin('decision_detail', 'decision_detail.decision_id', 'decision.id')
    .select(['decision.id', 'facet_id', 'times', 'state', 'decision_detail.decision_id'])
    .where('user_operation_hash', '=', row.userOperationHash)
    .executeTakeFirstOrThrow()
  if (known.decision_id !== null) {
    await ledger
      .updateTable('decision')
      .set({ times: known.times + pending.times, last_at: pending.lastAtSeconds })
      .where('id', '=', known.id)
      .execute()
    return known.id
  }
  const facet_id = facets.idOf({ ...row.facet, state: known.state })
  facets.count(known.facet_id, -1)
  facets.count(facet_id, 1)
  await ledger
    .updateTable('decision')
    .set({ facet_id, ...changing(pending) })
    .where('id', '=', known.id)
    .execute()
  await ledger
    .insertInto('decision_detail')
    .values({ decision_id: known.id, ...row.detail })
    .execute()
  return known.id
}
