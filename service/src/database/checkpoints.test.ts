import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commitTogether } from './flushing.ts'
import { type Kysely, openDatabase } from './openDatabase.ts'
import { openReader } from './reader.ts'
import { statementsOf } from './statements.ts'

type Schema = { fact: { name: string; bytes: Buffer } }

const migrations = {
  '001-fact': {
    async up(schema: Kysely<never>): Promise<void> {
      await schema.schema.createTable('fact').addColumn('name', 'text').addColumn('bytes', 'blob').execute()
    },
  },
}
const mebibyte = 1024 * 1024
let folder: string
let path: string
let database: Kysely<Schema>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'worldland-aa-test-'))
  path = join(folder, 'data.sqlite')
  database = await openDatabase<Schema>({ path, migrations })
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (bytes: number) => (transaction: Kysely<Schema>) =>
  transaction
    .insertInto('fact')
    .values({ name: 'kept', bytes: Buffer.alloc(bytes) })
    .execute()

describe('the write-ahead log', () => {
  it('is carried into the data file by a thread, and begins anew', async () => {
    let writes = 0
    while (statSync(path).size < 96 * mebibyte && writes < 400) {
      await commitTogether(database, write(mebibyte / 2))
      await pause(2)
      writes++
    }
    // SQLite itself would let it grow to 62 MiB; half of that is when the thread begins.
    expect(statSync(`${path}-wal`).size).toBeLessThan(60 * mebibyte)
    await database.destroy()
    const reader = openReader(path)
    expect(reader.get('select count(*) as facts from fact')).toEqual({ facts: writes })
    reader.close()
  })

  it('is in the data file, and gone, once the database is closed while it is carried over', async () => {
    for (let writes = 0; writes < 20; writes++) await commitTogether(database, write(mebibyte))
    await database.destroy()
    expect(() => statSync(`${path}-wal`)).toThrow('ENOENT')
    const reader = openReader(path)
    expect(reader.get('select count(*) as facts from fact')).toEqual({ facts: 20 })
    reader.close()
  })
})

describe('a statement that is asked at once', () => {
  it('is part of its transaction', async () => {
    const insert = "insert into fact (name) values ('undone')"
    const failing = database.transaction().execute(async transaction => {
      statementsOf(transaction).run(insert, [])
      expect(statementsOf(transaction).all('select name from fact', [])).toEqual([{ name: 'undone' }])
      throw new Error('thought better of it')
    })
    await expect(failing).rejects.toThrow('thought better of it')
    expect(await database.selectFrom('fact').selectAll().execute()).toEqual([])
    await database.destroy()
  })
})
