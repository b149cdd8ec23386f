// A row that every backup carries: however a copy comes back into place, by `restore` or by hand, the daemon that
// starts on it knows that what happened after the copy was made is missing.
import type SqliteDatabase from 'better-sqlite3'
import { type Kysely, sql, type Transaction } from 'kysely'

const isThere = "select 1 from sqlite_master where type = 'table' and name = 'backup'"

export function writeBackupMark(sqlite: SqliteDatabase.Database, madeAtSeconds: number): void {
  sqlite.exec(
    'create table if not exists backup (id integer primary key check (id = 1), made_at integer not null) strict',
  )
  sqlite.prepare('insert or replace into backup values (1, ?)').run(madeAtSeconds)
}

/** When the copy was made, in seconds since the Unix epoch; undefined for a file without a mark. */
export function readBackupMark(sqlite: SqliteDatabase.Database): number | undefined {
  if (sqlite.prepare(isThere).get() === undefined) return undefined
  const row = sqlite.prepare('select made_at from backup').get() as { made_at: number } | undefined
  return row?.made_at
}

/** The same, of an open database, and takes the mark away: whoever calls has taken note of it. */
export async function takeBackupMark<Schema>(
  database: Kysely<Schema> | Transaction<Schema>,
): Promise<number | undefined> {
  const { rows: tables } = await sql.raw(isThere).execute(database)
  if (tables.length === 0) return undefined
  const { rows } = await sql<{ made_at: number }>`select made_at from backup`.execute(database)
  await sql`drop table backup`.execute(database)
  return rows[0]?.made_at
}
