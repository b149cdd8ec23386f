// SQLite as the durable store: WAL for readers beside the writer, FULL so that what was
// acknowledged is on the disk even if the power goes.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { Kysely, type Migration, Migrator, SqliteDialect } from 'kysely'
import { withPreparedStatements } from './preparedStatements.ts'

export type { Kysely, Migration, Transaction } from 'kysely'

/** Migrations by name, applied in the order of their names; a landed one is never edited. */
export type Migrations = Readonly<Record<string, Migration>>

/** `path` is a file, made when missing, or `:memory:`. Throws when the file is not a database of ours. */
export async function openDatabase<Schema>(options: {
  path: string
  migrations: Migrations
}): Promise<Kysely<Schema>> {
  const { path, migrations } = options
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sqlite = new SqliteDatabase(path)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('busy_timeout = 5000')
  const database = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: withPreparedStatements(sqlite) }),
  })
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) {
    await database.destroy()
    throw new Error(`The database ${path} could not be brought up to date`, { cause: error })
  }
  return database
}
