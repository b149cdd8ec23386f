// Whether what the explorer shows is what the ledger says, recomputed from the rows: for tests that play any order of
// things.
import type { Kysely } from 'kysely'
import { expect } from 'vitest'
import type { LedgerSchema } from '../ledger/schema.ts'

export async function expectExplorerToAgree(database: Kysely<LedgerSchema>): Promise<void> {
  await expectHoursToAddUp(database)
  await expectTokenHoursToAddUp(database)
  await expectFacetsToCount(database)
  await expectLandingsShown(database)
}

/** To the wei, by mode and policy. */
async function expectHoursToAddUp(database: Kysely<LedgerSchema>): Promise<void> {
  const sums = new Map<string, { cost: bigint; loss: bigint; operations: number }>()
  for (const hour of await database.selectFrom('spend_hour').selectAll().execute()) {
    const key = `${hour.mode} ${hour.policy_id}`
    const sum = sums.get(key) ?? { cost: 0n, loss: 0n, operations: 0 }
    sums.set(key, {
      cost: sum.cost + BigInt(hour.cost_wei),
      loss: sum.loss + BigInt(hour.loss_wei),
      operations: sum.operations + hour.operations,
    })
  }
  const spend = await database.selectFrom('spend').selectAll().execute()
  expect(sums).toEqual(
    new Map(
      spend.map(row => [
        `${row.mode} ${row.policy_id}`,
        { cost: BigInt(row.cost_wei), loss: BigInt(row.loss_wei), operations: row.operations },
      ]),
    ),
  )
}

/** To the unit, by token. */
async function expectTokenHoursToAddUp(database: Kysely<LedgerSchema>): Promise<void> {
  const hours = await database.selectFrom('token_hour').selectAll().execute()
  const final = await database
    .selectFrom('exposure')
    .select(['charged_token', 'charged_units', 'actual_cost_wei'])
    .where('state', '=', 'FINAL')
    .where('charged_token', 'is not', null)
    .execute()
  const sum = (amounts: readonly (string | null)[]): bigint =>
    amounts.reduce((total, amount) => total + BigInt(amount ?? 0), 0n)
  for (const token of new Set(
    [...hours, ...final].map(row => ('token' in row ? row.token : row.charged_token)),
  )) {
    const [its, paid] = [
      hours.filter(row => row.token === token),
      final.filter(row => row.charged_token === token),
    ]
    expect(sum(its.map(({ units }) => units))).toBe(sum(paid.map(row => row.charged_units)))
    expect(sum(its.map(({ cost_wei }) => cost_wei))).toBe(sum(paid.map(row => row.actual_cost_wei)))
    expect(its.reduce((count, { operations }) => count + operations, 0)).toBe(paid.length)
  }
}

async function expectFacetsToCount(database: Kysely<LedgerSchema>): Promise<void> {
  const facets = await database.selectFrom('decision_facet').select(['id', 'decisions']).execute()
  const counted = await database
    .selectFrom('decision')
    .select(['facet_id', decision => decision.fn.countAll<number>().as('decisions')])
    .groupBy('facet_id')
    .execute()
  const numbers = new Map(counted.map(({ facet_id, decisions }) => [facet_id, decisions]))
  expect(facets).toEqual(facets.map(({ id }) => ({ id, decisions: numbers.get(id) ?? 0 })))
}

/** Each operation that the deposit paid has one row, in the state that it is booked in; no other is shown as landed. */
async function expectLandingsShown(database: Kysely<LedgerSchema>): Promise<void> {
  const exposures = await database
    .selectFrom('exposure')
    .select(['landed_user_operation_hash as hash', 'state'])
    .where('landed_user_operation_hash', 'is not', null)
    .execute()
  const booked = exposures.map(({ hash, state }) => `${hash} ${state.toLowerCase()}`)
  const decisions = await database
    .selectFrom('decision')
    .innerJoin('decision_facet', 'decision_facet.id', 'decision.facet_id')
    .select(['user_operation_hash', 'state', 'is_landed'])
    .execute()
  const shown = decisions
    .filter(({ state }) => state === 'included' || state === 'final')
    .map(({ user_operation_hash, state }) => `0x${user_operation_hash?.toString('hex')} ${state}`)
  expect(shown.sort()).toEqual(booked.sort())
  expect(decisions.filter(({ is_landed }) => is_landed === 1)).toHaveLength(booked.length)
}
