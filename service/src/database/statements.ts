// SQL asked at once, for what each promise asks: on its way through Kysely a short statement waits for eight promises and
// is built anew, which takes longer than its execution.
import type { SqliteDatabase } from 'kysely'
import type { Kysely, Transaction } from './openDatabase.ts'
import type { SqlValue } from './reader.ts'

export type Statements = {
  /** Both throw as a query of Kysely's does. */
  all<Row>(sql: string, values: readonly SqlValue[]): Row[]
  run(sql: string, values: readonly SqlValue[]): { readonly changes: number }
}

/** By what a database and its transactions have in common. */
const statementsByAdapter = new WeakMap<object, Statements>()

export function registerStatements<Schema>(database: Kysely<Schema>, statements: Statements): void {
  statementsByAdapter.set(database.getExecutor().adapter, statements)
}

/** What runs by them is part of the transaction. The database is one that `openDatabase` opened. */
export function statementsOf<Schema>(transaction: Transaction<Schema>): Statements {
  const statements = statementsByAdapter.get(transaction.getExecutor().adapter)
  if (statements === undefined) throw new Error('The database was not opened by openDatabase')
  return statements
}

export function createStatements(options: {
  readonly prepare: SqliteDatabase['prepare']
  readonly onWritten: () => void
  /** What to throw instead. */
  readonly onFailed: (error: unknown) => unknown
}): Statements {
  const { prepare, onWritten, onFailed } = options

  function attempt<Value>(work: () => Value): Value {
    try {
      return work()
    } catch (error) {
      throw onFailed(error)
    }
  }

  return {
    all: <Row>(sql: string, values: readonly SqlValue[]) => attempt(() => prepare(sql).all(values) as Row[]),
    run: (sql, values) =>
      attempt(() => {
        const { changes } = prepare(sql).run(values)
        onWritten()
        return { changes: Number(changes) }
      }),
  }
}
