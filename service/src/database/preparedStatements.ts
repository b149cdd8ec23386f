// SQL that is asked again and again is parsed and planned once: for a short statement that is most of its cost.
import type SqliteDatabase from 'better-sqlite3'
import type { SqliteDatabase as DialectDatabase } from 'kysely'

/** Statements differ in their number of parameters too, so there is no end of them. */
const mostStatements = 200

/** The database as Kysely's dialect needs it, with the statements used last at hand. */
export function withPreparedStatements(database: SqliteDatabase.Database): DialectDatabase {
  /** The least recently used first. */
  const statements = new Map<string, SqliteDatabase.Statement>()
  return {
    prepare(sql) {
      const statement = statements.get(sql) ?? database.prepare(sql)
      statements.delete(sql)
      statements.set(sql, statement)
      const [oldest] = statements.keys()
      if (statements.size > mostStatements && oldest !== undefined) statements.delete(oldest)
      return statement as ReturnType<DialectDatabase['prepare']>
    },
    close: () => void database.close(),
  }
}
