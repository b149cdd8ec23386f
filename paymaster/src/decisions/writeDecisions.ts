// Puts a batch of decisions into the database, in one transaction with whatever is promised at that moment. May run twice:
// it changes nothing but the database.
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
  await countByHour(ledger, batch)
  await namePolicies(ledger, namesIn(batch))
  await facets.settle()
  // It may have landed before this was written.
  const exposures = batch.added.flatMap(({ row }) => row.exposureId ?? [])
  await showExposures(ledger, [...new Set(exposures)])
  await capUnpaid(ledger, cap)
  return ids
}

async function countByHour(ledger: Ledger, { added, counted }: Batch): Promise<void> {
  const sums = new Map<string, LedgerSchema['decision_hour']>()
  const all = [
    ...added.map(one => ({ ...one, at: one.atSeconds })),
    ...counted.map(one => ({ ...one, at: one.lastAtSeconds })),
  ]
  for (const { row, at, times } of all) {
    const { outcome, reason, mode, policyId } = row.facet
    const hour = hourOf(at)
    const key = JSON.stringify([hour, outcome, reason, mode, policyId])
    const sum = sums.get(key) ?? { hour, outcome, reason, mode, policy_id: policyId, requests: 0 }
    sums.set(key, { ...sum, requests: sum.requests + times })
  }
  for (const sum of sums.values()) {
    await ledger
      .insertInto('decision_hour')
      .values(sum)
      .onConflict(conflict =>
        conflict
          .columns(['hour', 'outcome', 'reason', 'mode', 'policy_id'])
          .doUpdateSet(known => ({ requests: known('decision_hour.requests', '+', sum.requests) })),
      )
      .execute()
  }
}

/** By the id that the contract carries. */
export async function namePolicies(ledger: Ledger, names: ReadonlyMap<string, string>): Promise<void> {
  for (const [on_chain_id, id] of names) {
    await ledger
      .insertInto('decision_policy')
      .values({ on_chain_id, id })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  }
}

/** The oldest of what cost nothing goes, once there is too much of it: strangers make it. */
async function capUnpaid(ledger: Ledger, { most, atOnce }: UnpaidCap): Promise<void> {
  const { unpaid } = await ledger
    .selectFrom('decision_facet')
    .select(facet => facet.fn.sum<number | null>('decisions').as('unpaid'))
    .where('state', 'not in', ['included', 'final'])
    .executeTakeFirstOrThrow()
  const surplus = (unpaid ?? 0) - most
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
  await facets.settle()
}

function namesIn({ added }: Batch): ReadonlyMap<string, string> {
  return new Map(
    added.flatMap(({ row }) =>
      row.policyName === undefined ? [] : [[row.facet.policyId, row.policyName] as const],
    ),
  )
}
