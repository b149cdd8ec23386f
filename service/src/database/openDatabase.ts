// SQLite as the durable store: WAL for readers beside the writer, FULL so that what was
// acknowledged is on the disk even if the power goes.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { Kysely, type Migration, Migrator } from 'kysely'
import { createCheckpoints } from './checkpoints.ts'
import { createFlushing, registerFlushing } from './flushing.ts'
import { lockDatabase } from './lockDatabase.ts'
import { createPatientDialect } from './patientDialect.ts'
import { patiently } from './patiently.ts'
import { registerStatements } from './statements.ts'
import { storageProblem } from './storageProblem.ts'
import { createStorageWatch, type StorageWatch } from './storageWatch.ts'

export type { Kysely, Migration, Transaction } from 'kysely'

/** Migrations by name, applied in the order of their names; a landed one is never edited. */
export type Migrations = Readonly<Record<string, Migration>>

export type DatabaseOptions = {
  /** A file, made when missing, or `:memory:`. */
  readonly path: string
  readonly migrations: Migrations
  /** Hears when the file cannot be written, and when it can again. */
  readonly watch?: StorageWatch
}

/** Throws, with the name of the file, when it is no database of ours, cannot be written, or is another process's. */
export async function openDatabase<Schema>(options: DatabaseOptions): Promise<Kysely<Schema>> {
  const { path, migrations } = options
  let database: Kysely<Schema>
  try {
    database = await connect<Schema>(options)
  } catch (error) {
    const reason = storageProblem(error) ?? (error as NodeJS.ErrnoException).code
    if (reason === undefined) throw error
    throw new Error(`The database ${path} cannot be used: ${reason}`, { cause: error })
  }
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
    // Each stage has names of its own, and a later release may add to any of them.
    allowUnorderedMigrations: true,
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) {
    await database.destroy()
    throw new Error(`The database ${path} could not be brought up to date`, { cause: error })
  }
  return database
}

async function connect<Schema>({ path, watch }: DatabaseOptions): Promise<Kysely<Schema>> {
  let unlock = (): void => undefined
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true })
    unlock = lockDatabase(path)
  }
  try {
    const sqlite = new SqliteDatabase(path, { timeout: 0 })
    await patiently(() => sqlite.pragma('journal_mode = WAL'))
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    // 64 MiB, for when the thread beside does not keep up: a checkpoint holds everything up until it is on the disk.
    sqlite.pragma('wal_autocheckpoint = 16000')
    const watching = watch ?? createStorageWatch({ path })
    const checkpoints = createCheckpoints(sqlite, path)
    const flushing = createFlushing(sqlite, { path, watch: watching, checkpoints })
    const { dialect, statements } = createPatientDialect(sqlite, watching, async () => {
      await checkpoints.stop()
      await flushing.close()
      unlock()
    })
    const database = new Kysely<Schema>({ dialect })
    registerStatements(database, statements)
    if (path !== ':memory:') registerFlushing(database, flushing)
    return database
  } catch (error) {
    unlock()
    throw error
  }
}
