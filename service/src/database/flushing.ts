// Commits whose flush to the disk does not hold up the event loop. SQLite itself flushes while everything waits, which is
// most of what a small transaction takes; here the flush runs on a thread beside it, and what is committed meanwhile
// shares the next one.
import { close, fdatasync, open } from 'node:fs'
import { promisify } from 'node:util'
import type SqliteDatabase from 'better-sqlite3'
import type { Kysely, Transaction } from 'kysely'
import type { Checkpoints } from './checkpoints.ts'
import type { StorageWatch } from './storageWatch.ts'

export type Flushing = {
  /** Until the end of `work` commits are written, but not flushed. */
  withoutFlush<Value>(work: () => Promise<Value>): Promise<Value>
  /** Resolves when all that was committed before is on the disk. */
  flush(): Promise<void>
  close(): Promise<void>
}

const openFile = promisify(open)
const flushFile = promisify(fdatasync)
const closeFile = promisify(close)

const flushingOf = new WeakMap<object, Flushing>()

/** For `commitTogether`; a database in memory has none. */
export function registerFlushing<Schema>(database: Kysely<Schema>, flushing: Flushing): void {
  flushingOf.set(database, flushing)
}

/** Resolves once what `work` wrote is on the disk, as any other transaction of the database. */
export async function commitTogether<Schema, Value>(
  database: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<Value>,
): Promise<Value> {
  const flushing = flushingOf.get(database)
  if (flushing === undefined) return await database.transaction().execute(work)
  // The connection is held meanwhile: no other transaction commits without its flush.
  const value = await database
    .connection()
    .execute(connection => flushing.withoutFlush(() => connection.transaction().execute(work)))
  await flushing.flush()
  return value
}

export function createFlushing(
  sqlite: SqliteDatabase.Database,
  options: {
    readonly path: string
    readonly watch: StorageWatch
    readonly checkpoints: Pick<Checkpoints, 'tend'>
  },
): Flushing {
  let descriptor: Promise<number> | undefined
  return {
    async withoutFlush(work) {
      // Of the write-ahead log nothing is flushed then but at a checkpoint, before the log begins anew.
      sqlite.exec('pragma synchronous = normal')
      try {
        options.checkpoints.tend()
        return await work()
      } finally {
        sqlite.exec('pragma synchronous = full')
      }
    },
    async flush() {
      // The log is one file for as long as the database is open.
      descriptor ??= openFile(`${options.path}-wal`, 'r+')
      try {
        await flushFile(await descriptor)
      } catch (error) {
        throw options.watch.failed(error)
      }
    },
    async close() {
      if (descriptor !== undefined) await closeFile(await descriptor)
      descriptor = undefined
    },
  }
}
