// Puts a batch of decisions into the database, in one transaction with whatever is promised at that moment. May run twice:
// it changes nothing but the database.
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { Transaction } from 'kysely'
import type { LedgerSchema } from '../ledger/schema.ts'
import { addDecisions } from './addDecisions.ts'
import type { DecisionRow } from './decisionRow.ts'
import { facetsOf } from './facets.ts'
import { hourOf } from './hourlySpend.ts'
import { showExposures } from './showExposures.ts'

type Ledger = Transaction<LedgerSchema>

export type PendingDecision = {
  readonly row: DecisionRow
  readonly atSeconds: number
  readonly lastAtSeconds: number
  readonly times: number
}

export type Batch = {
  readonly added: readonly PendingDecision[]
  /** Refusals that are counted in a row that is there: by how many, and until when. */
  readonly counted: readonly {
    readonly id: number
    readonly times: number
    readonly lastAtSeconds: number
    readonly row: DecisionRow
  }[]
}

/** Rows of things that cost nothing, in the whole table, and how many go at once beyond that. */
export type UnpaidCap = { readonly most: number; readonly atOnce: number }

/** Returns the ids of those that were added, in their order. */
export async function writeDecisions(
  ledger: Ledger,
  batch: Batch,
  cap: UnpaidCap,
): Promise<readonly number[]> {
  const facets = facetsOf(ledger)
  const ids = await addDecisions(ledger, facets, batch.added)
  for (const { id, times, lastAtSeconds } of batch.counted) {
    await ledger
      .updateTable('decision')
      .set(decision => ({ times: decision('times', '+', times), last_at: lastAtSeconds }))
      .where('id', '=', id)
      .execute()
  }
  countByHour(ledger, batch)
  namePolicies(ledger, namesIn(batch))
  facets.settle()
  // It may have landed before this was written.
  await showExposures(ledger, movedOn(ledger, batch))
  await capUnpaid(ledger, cap)
  return ids
}

/** Whose state is not the one that their decisions are written in. */
function movedOn(ledger: Ledger, { added }: Batch): readonly number[] {
  const ids = added.flatMap(({ row }) => row.exposureId ?? [])
  const rows = statementsOf(ledger).all<{ id: number }>(
    `select id from exposure where state <> 'RESERVED' and id in (select value from json_each(?))`,
    [JSON.stringify(ids)],
  )
  return rows.map(({ id }) => id)
}

function countByHour(ledger: Ledger, { added, counted }: Batch): void {
  const requests = new Map<string, number>()
  const all = [
    ...added.map(one => ({ ...one, at: one.atSeconds })),
    ...counted.map(one => ({ ...one, at: one.lastAtSeconds })),
  ]
  for (const { row, at, times } of all) {
    const { outcome, reason, mode, policyId } = row.facet
    const key = JSON.stringify([hourOf(at), outcome, reason, mode, policyId])
    requests.set(key, (requests.get(key) ?? 0) + times)
  }
  for (const [key, times] of requests) {
    statementsOf(ledger).run(
      `insert into decision_hour (hour, outcome, reason, mode, policy_id, requests) values (?, ?, ?, ?, ?, ?)
        on conflict do update set requests = requests + excluded.requests`,
      [...(JSON.parse(key) as (number | string)[]), times],
    )
  }
}

/** By the id that the contract carries. */
export function namePolicies(ledger: Ledger, names: ReadonlyMap<string, string>): void {
  for (const name of names) {
    statementsOf(ledger).run(
      'insert into decision_policy (on_chain_id, id) values (?, ?) on conflict do nothing',
      name,
    )
  }
}

/** The oldest of what cost nothing goes, once there is too much of it: strangers make it. */
async function capUnpaid(ledger: Ledger, { most, atOnce }: UnpaidCap): Promise<void> {
  const [row] = statementsOf(ledger).all<{ unpaid: number | null }>(
    "select sum(decisions) as unpaid from decision_facet where state not in ('included', 'final')",
    [],
  )
  const surplus = (row?.unpaid ?? 0) - most
  if (surplus <= 0) return
  const rows = await ledger
    .selectFrom('decision')
    .select(['id', 'facet_id'])
    .where('is_landed', '=', 0)
    .orderBy('at')
    .limit(Math.min(surplus, atOnce))
    .execute()
  await removeDecisions(ledger, rows)
}

export async function removeDecisions(
  ledger: Ledger,
  rows: readonly { readonly id: number; readonly facet_id: number }[],
): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await ledger.deleteFrom('decision_detail').where('decision_id', 'in', ids).execute()
  await ledger.deleteFrom('decision').where('id', 'in', ids).execute()
  const facets = facetsOf(ledger)
  for (const { facet_id } of rows) facets.count(facet_id, -1)
  facets.settle()
}

function namesIn({ added }: Batch): ReadonlyMap<string, string> {
  return new Map(
    added.flatMap(({ row }) =>
      row.policyName === undefined ? [] : [[row.facet.policyId, row.policyName] as const],
    ),
  )
}
