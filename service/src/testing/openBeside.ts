// A data file as a test looks into it while a daemon has it open: reads, and nothing else.
import SqliteDatabase from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'

export function openBeside<Schema>(path: string): Kysely<Schema> {
  const sqlite = new SqliteDatabase(path, { readonly: true, timeout: 1_000 })
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite as never }) })
}
