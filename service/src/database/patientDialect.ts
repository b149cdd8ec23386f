// SQLite for Kysely, but patient with a lock that another program holds, and with a watch on whether it can write.
import type SqliteDatabase from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { patiently } from './patiently.ts'
import { withPreparedStatements } from './preparedStatements.ts'
import { createStatements, type Statements } from './statements.ts'
import { isBusy } from './storageProblem.ts'
import type { StorageWatch } from './storageWatch.ts'

/** `onClose` is called when the file is given up. */
export function createPatientDialect(
  sqlite: SqliteDatabase.Database,
  watch: StorageWatch,
  onClose: () => Promise<void>,
): { readonly dialect: Dialect; readonly statements: Statements } {
  const { driver, statements } = createPatientDriver(sqlite, watch, onClose)
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: database => new SqliteIntrospector(database),
    createDriver: () => driver,
  }
  return { dialect, statements }
}

function createPatientDriver(
  sqlite: SqliteDatabase.Database,
  watch: StorageWatch,
  onClose: () => Promise<void>,
): { readonly driver: Driver; readonly statements: Statements } {
  const prepared = withPreparedStatements(sqlite)
  const inner = new SqliteDriver({ database: prepared })
  let hasWritten = false
  /** There is one for all. */
  let connection: DatabaseConnection | undefined

  function run<Row>(work: () => Promise<QueryResult<Row>>): Promise<QueryResult<Row>> {
    try {
      // SQLite is synchronous: what goes wrong is thrown, not rejected.
      return work()
    } catch (error) {
      return tryAgain(work, error)
    }
  }

  async function tryAgain<Row>(
    work: () => Promise<QueryResult<Row>>,
    error: unknown,
  ): Promise<QueryResult<Row>> {
    try {
      if (isBusy(error)) return await patiently(work)
    } catch (last) {
      throw watch.failed(last)
    }
    throw watch.failed(error)
  }

  function watched(plain: DatabaseConnection): DatabaseConnection {
    return {
      executeQuery<Row>(query: CompiledQuery) {
        const result = run<Row>(() => plain.executeQuery<Row>(query))
        return watch.problem() === undefined ? result : result.then(noteWrite)
      },
      streamQuery: (query, chunkSize) => plain.streamQuery(query, chunkSize),
    }
  }

  /** Reading works on a full disk: only a write shows that there is room again. */
  function noteWrite<Row>(result: QueryResult<Row>): QueryResult<Row> {
    if ((result.numAffectedRows ?? 0n) > 0n) {
      if (sqlite.inTransaction) hasWritten = true
      else watch.wrote()
    }
    return result
  }

  const statements = createStatements({
    prepare: sql => prepared.prepare(sql),
    onWritten() {
      hasWritten = true
    },
    onFailed: error => watch.failed(error),
  })
  const driver: Driver = {
    init: () => inner.init(),
    async acquireConnection() {
      const acquired = await inner.acquireConnection()
      connection ??= watched(acquired)
      return connection
    },
    // At once for writing: a transaction that reads first may find, when it comes to write, that it has to begin anew.
    async beginTransaction(connection) {
      hasWritten = false
      await connection.executeQuery(CompiledQuery.raw('begin immediate'))
    },
    async commitTransaction(connection) {
      await connection.executeQuery(CompiledQuery.raw('commit'))
      if (hasWritten) watch.wrote()
    },
    async rollbackTransaction(connection) {
      // A full disk makes SQLite roll back by itself.
      if (sqlite.inTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'))
    },
    savepoint: (...all) => inner.savepoint(...all),
    rollbackToSavepoint: (...all) => inner.rollbackToSavepoint(...all),
    releaseSavepoint: (...all) => inner.releaseSavepoint(...all),
    releaseConnection: () => inner.releaseConnection(),
    async destroy() {
      await inner.destroy()
      await onClose()
    },
  }
  return { driver, statements }
}
