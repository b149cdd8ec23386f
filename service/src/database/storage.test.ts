// The data file in trouble: another process has it, a program holds its lock, its disk is full.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../logger.ts'
import { Outage } from '../outage.ts'
import { lookIntoDatabase } from '../testing/lookIntoDatabase.ts'
import { mountSmallDisk, type SmallDisk } from '../testing/smallDisk.ts'
import { createGroupCommit } from './groupCommit.ts'
import { type Kysely, openDatabase } from './openDatabase.ts'
import { createStorageWatch, type StorageWatch } from './storageWatch.ts'

type Schema = { fact: { id: number; text: string } }

const migrations = {
  '001-fact': {
    async up(database: Kysely<never>) {
      await sql`create table fact (id integer primary key, text text not null) strict`.execute(database)
    },
  },
}
let folder: string
let path: string
let log: string[]
let watch: StorageWatch
let database: Kysely<Schema> | undefined
let disk: SmallDisk | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storage-'))
  place(folder)
})
afterEach(async () => {
  await database?.destroy()
  database = undefined
  disk?.remove()
  disk = undefined
  rmSync(folder, { recursive: true })
})

function place(where: string): void {
  path = join(where, 'data.sqlite')
  log = []
  const logger = createLogger({ name: 'test', level: 'info' }, { write: line => void log.push(line) })
  watch = createStorageWatch({ path, logger })
}

async function open(): Promise<Kysely<Schema>> {
  database = await openDatabase<Schema>({ path, migrations, watch })
  return database
}

function facts(): unknown[] {
  return lookIntoDatabase(path, 'select id from fact order by id').map(row => (row as { id: number }).id)
}

describe('a data file', () => {
  it('belongs to one process: a second is refused with a sentence, until the first is gone, however it went', async () => {
    const module = new URL('../../dist/database/openDatabase.js', import.meta.url).href
    const script = `import(${JSON.stringify(module)}).then(async ({ openDatabase }) => {
      await openDatabase({ path: ${JSON.stringify(path)}, migrations: {} })
      console.log('open'); setInterval(() => undefined, 1000) })`
    const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise(resolve => other.stdout.once('data', resolve))
    await expect(open()).rejects.toThrow(`another process uses ${path}`)
    const gone = new Promise(resolve => other.once('close', resolve))
    other.kill('SIGKILL')
    await gone
    await rmSync(path)
    await open()
  })

  it.each([
    [
      'is no database',
      () => writeFileSync(path, 'all work and no play makes a dull file'.repeat(30)),
      /no SQLite/,
    ],
    ['is a folder', () => (path = folder), /cannot be opened|SQLITE_CANTOPEN|EISDIR/],
  ])('that %s is named when it is opened', async (_, spoil, reason) => {
    spoil()
    await expect(open()).rejects.toThrow(path)
    await expect(open()).rejects.toThrow(reason)
  })

  it('that another program has locked is waited for while everything else goes on', async () => {
    const commits = createGroupCommit(await open())
    const other = new SqliteDatabase(path)
    other.exec('begin immediate')
    const order: string[] = []
    const commit = commits
      .commit(transaction => transaction.insertInto('fact').values({ id: 1, text: 'one' }).execute())
      .then(() => order.push('committed'))
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setTimeout(resolve, 5))
    order.push('twenty turns of the event loop')
    other.exec('rollback')
    other.close()
    await commit
    expect(order).toEqual(['twenty turns of the event loop', 'committed'])
    expect(facts()).toEqual([1])
  })
})

describe('migrations', () => {
  it('are applied also where one of a later name was applied before', async () => {
    await (await open()).destroy()
    const earlier = {
      async up(schema: Kysely<never>) {
        await sql`create table before (id integer primary key) strict`.execute(schema)
      },
    }
    database = await openDatabase<Schema>({
      path,
      migrations: { '000-before': earlier, ...migrations },
      watch,
    })
    expect(lookIntoDatabase(path, "select name from sqlite_master where name = 'before'")).toHaveLength(1)
  })
})

describe('a full disk', () => {
  async function writeUntilFull(): Promise<number[]> {
    const acknowledged: number[] = []
    const commits = createGroupCommit(database as Kysely<Schema>)
    for (let id = 1; id < 1_000; id++) {
      try {
        await commits.commit(transaction =>
          transaction
            .insertInto('fact')
            .values({ id, text: 'x'.repeat(2_000) })
            .execute(),
        )
        acknowledged.push(id)
      } catch (error) {
        expect(error).toBeInstanceOf(Outage)
        expect((error as Outage).toCaller).toContain('cannot write to its disk at the moment')
        expect((error as Outage).toCaller).not.toContain(path)
        return acknowledged
      }
    }
    throw new Error('the disk was never full')
  }

  async function recover(acknowledged: readonly number[]): Promise<void> {
    expect(watch.problem()).toContain(path)
    expect(watch.problem()).toContain('full')
    // Not a second line for each that is refused.
    await (database as Kysely<Schema>)
      .insertInto('fact')
      .values(Array.from({ length: 100 }, (_, at) => ({ id: 2_000 + at, text: 'y'.repeat(2_000) })))
      .execute()
      .catch(() => undefined)
    await (database as Kysely<Schema>).selectFrom('fact').selectAll().execute()
    expect(log).toHaveLength(1)
    expect(JSON.parse(log[0] ?? '')).toMatchObject({
      level: 50,
      file: path,
      msg: expect.stringContaining('full'),
    })
    expect(facts()).toEqual(acknowledged)
  }

  async function writesAgain(acknowledged: readonly number[]): Promise<void> {
    const commits = createGroupCommit(database as Kysely<Schema>)
    await commits.commit(transaction =>
      transaction.insertInto('fact').values({ id: 5_000, text: 'z' }).execute(),
    )
    expect(watch.problem()).toBeUndefined()
    expect(log).toHaveLength(2)
    expect(facts()).toEqual([...acknowledged, 5_000])
  }

  it('is told with the name of the file, once; nothing acknowledged is lost, and it goes on when there is room', async () => {
    const opened = await open()
    await sql`pragma max_page_count = 40`.execute(opened)
    const acknowledged = await writeUntilFull()
    await recover(acknowledged)
    await sql`pragma max_page_count = 100000`.execute(opened)
    await writesAgain(acknowledged)
  })

  it('of a real file system is survived in the same way', async context => {
    disk = mountSmallDisk(2_048)
    if (disk === undefined) return context.skip('only root may mount a small disk')
    place(disk.folder)
    await open()
    disk.fill()
    const acknowledged = await writeUntilFull()
    await recover(acknowledged)
    disk.empty()
    await writesAgain(acknowledged)
    await database?.destroy()
    await open()
    expect(facts()).toEqual([...acknowledged, 5_000])
  })
})
