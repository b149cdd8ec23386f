import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commitTogether } from './flushing.ts'
import { type Kysely, openDatabase } from './openDatabase.ts'

type Schema = { fact: { name: string } }

const migrations = {
  '001-fact': {
    async up(schema: Kysely<never>): Promise<void> {
      await schema.schema.createTable('fact').addColumn('name', 'text').execute()
    },
  },
}
let folder: string
let path: string
let database: Kysely<Schema>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'worldland-aa-test-'))
  path = join(folder, 'data.sqlite')
  database = await openDatabase<Schema>({ path, migrations })
})
afterEach(async () => {
  await database.destroy()
  rmSync(folder, { recursive: true })
})

const write = (name: string) => (transaction: Pick<Kysely<Schema>, 'insertInto'>) =>
  transaction.insertInto('fact').values({ name }).execute()
const howCommitsFlush = () => howFlushed(database)
const full = 2

describe('what is committed together', () => {
  it('is in the files when it is told to be', async () => {
    await commitTogether(database, write('kept'))
    const copy = join(folder, 'copy.sqlite')
    for (const ending of ['', '-wal']) copyFileSync(`${path}${ending}`, `${copy}${ending}`)
    const found = await openDatabase<Schema>({ path: copy, migrations })
    expect(await found.selectFrom('fact').selectAll().execute()).toEqual([{ name: 'kept' }])
    await found.destroy()
  })

  it('leaves every other transaction to flush by itself, also one that comes in between', async () => {
    const seen: unknown[] = []
    await Promise.all([
      commitTogether(database, write('one')),
      database.transaction().execute(async transaction => {
        seen.push(await howFlushed(transaction))
      }),
      commitTogether(database, write('two')),
    ])
    expect(seen).toEqual([full])
    expect(await howCommitsFlush()).toBe(full)
  })

  it('is undone as a whole when it fails, and the next one flushes as before', async () => {
    const failing = commitTogether(database, async transaction => {
      await write('undone')(transaction)
      throw new Error('thought better of it')
    })
    await expect(failing).rejects.toThrow('thought better of it')
    expect(await database.selectFrom('fact').selectAll().execute()).toEqual([])
    expect(await howCommitsFlush()).toBe(full)
  })
})

async function howFlushed(transaction: Kysely<Schema>): Promise<number | undefined> {
  return (await sql<{ synchronous: number }>`pragma synchronous`.execute(transaction)).rows[0]?.synchronous
}
