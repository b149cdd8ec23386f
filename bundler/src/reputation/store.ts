// Keeps reputations in the database, many changes to one write.
import type { Transaction } from '@worldland-aa/service/database/openDatabase'
import type { Database, Schema } from '../database.ts'
import type { Counters } from './counters.ts'

export type StoredCounters = Counters & { readonly hour: number }

/** SQLite takes 32,766 parameters a statement. */
const rowsPerStatement = 1_000

export async function loadCounters(database: Database): Promise<Map<string, StoredCounters>> {
  const rows = await database.selectFrom('reputation').selectAll().execute()
  return new Map(
    rows.map(row => [
      row.address,
      { opsSeen: row.ops_seen, opsIncluded: row.ops_included, hour: row.decayed_hour },
    ]),
  )
}

/** `undefined` deletes. */
export async function saveCounters(
  transaction: Transaction<Schema>,
  changes: ReadonlyMap<string, StoredCounters | undefined>,
): Promise<void> {
  const rows = [...changes].flatMap(([address, counters]) =>
    counters === undefined
      ? []
      : [
          {
            address,
            ops_seen: counters.opsSeen,
            ops_included: counters.opsIncluded,
            decayed_hour: counters.hour,
          },
        ],
  )
  const gone = [...changes].filter(([, counters]) => counters === undefined).map(([address]) => address)
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    await transaction
      .insertInto('reputation')
      .values(rows.slice(at, at + rowsPerStatement))
      .onConflict(conflict =>
        conflict.column('address').doUpdateSet(({ ref }) => ({
          ops_seen: ref('excluded.ops_seen'),
          ops_included: ref('excluded.ops_included'),
          decayed_hour: ref('excluded.decayed_hour'),
        })),
      )
      .execute()
  }
  for (let at = 0; at < gone.length; at += rowsPerStatement) {
    await transaction
      .deleteFrom('reputation')
      .where('address', 'in', gone.slice(at, at + rowsPerStatement))
      .execute()
  }
}
