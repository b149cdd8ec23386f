// What a data file is: which program's, by which of its versions, and of which chain.
import type SqliteDatabase from 'better-sqlite3'

/** A program's data files: known by the migrations that made them. */
export type FileKind = { readonly program: string; readonly migrations: readonly string[] }

/** Why this program cannot use the file; undefined where it can. */
export function kindProblem(sqlite: SqliteDatabase.Database, kind: FileKind): string | undefined {
  const made = migrationsOf(sqlite)
  const unknown = made.filter(name => !kind.migrations.includes(name))
  if (made.length === 0 || unknown.length === made.length) return `it is no data file of ${kind.program}`
  if (unknown.length === 0) return undefined
  return `a newer ${kind.program} wrote it (${unknown.join(', ')}): use that version`
}

/** The row by which the file says what it is about; undefined where an older version wrote it. */
export function identityOf(sqlite: SqliteDatabase.Database): Readonly<Record<string, unknown>> | undefined {
  if (!hasTable(sqlite, 'identity')) return undefined
  return sqlite.prepare('select * from identity').get() as Record<string, unknown> | undefined
}

function migrationsOf(sqlite: SqliteDatabase.Database): readonly string[] {
  if (!hasTable(sqlite, 'kysely_migration')) return []
  const rows = sqlite.prepare('select name from kysely_migration order by name').all() as { name: string }[]
  return rows.map(({ name }) => name)
}

function hasTable(sqlite: SqliteDatabase.Database, name: string): boolean {
  const query = "select 1 from sqlite_master where type = 'table' and name = ?"
  return sqlite.prepare(query).get(name) !== undefined
}
