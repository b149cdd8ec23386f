// Asks a data file that a daemon writes, and changes nothing in it.
import SqliteDatabase from 'better-sqlite3'

export type SqlValue = string | number | bigint | Uint8Array | null

export type Reader = {
  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[]
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined
  /** For more rows than should be in memory at once. */
  each<Row>(sql: string, ...values: readonly SqlValue[]): IterableIterator<Row>
  close(): void
}

/** For a lock that is held while the file is recovered or truncated. */
const busyMilliseconds = 1_000
const cacheKibibytes = 65_536
const mappedBytes = 2 ** 30

export function openReader(path: string): Reader {
  const sqlite = new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: busyMilliseconds })
  sqlite.pragma(`cache_size = -${cacheKibibytes}`)
  sqlite.pragma(`mmap_size = ${mappedBytes}`)
  const statements = new Map<string, SqliteDatabase.Statement>()
  const prepared = (sql: string): SqliteDatabase.Statement => {
    const statement = statements.get(sql) ?? sqlite.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  return {
    all: <Row>(sql: string, ...values: readonly SqlValue[]) => prepared(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: readonly SqlValue[]) =>
      prepared(sql).get(...values) as Row | undefined,
    each: <Row>(sql: string, ...values: readonly SqlValue[]) =>
      prepared(sql).iterate(...values) as IterableIterator<Row>,
    close: () => void sqlite.close(),
  }
}
