import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGroupCommit, type GroupCommit } from './groupCommit.ts'
import { type Kysely, openDatabase } from './openDatabase.ts'

type Schema = { fact: { name: string } }

let database: Kysely<Schema>
let commits: GroupCommit<Schema>

beforeEach(async () => {
  const up = async (schema: Kysely<never>): Promise<void> => {
    const table = schema.schema.createTable('fact')
    await table.addColumn('name', 'text', column => column.primaryKey()).execute()
  }
  database = await openDatabase<Schema>({ path: ':memory:', migrations: { '001-fact': { up } } })
  commits = createGroupCommit(database)
})
afterEach(() => database.destroy())

/** Answers how many facts there are with this one. */
const write = (name: string, when: 'commit' | 'commitLater' = 'commit') =>
  commits[when](async transaction => {
    await transaction.insertInto('fact').values({ name }).execute()
    return (await transaction.selectFrom('fact').select('name').execute()).length
  })

describe('a group commit', () => {
  it('gives each write its own answer, in the order in which they were handed in', async () => {
    expect(await Promise.all([write('one'), write('two'), write('three')])).toEqual([1, 2, 3])
  })

  it('fails the bad write alone, and answers its neighbours', async () => {
    await write('taken')
    const outcomes = await Promise.allSettled([write('before'), write('taken'), write('after')])
    expect(outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))).toEqual([
      2,
      'failed',
      3,
    ])
  })

  it('takes a write without haste along with the next one, or by itself when none comes', async () => {
    const transaction = vi.spyOn(database, 'transaction')
    const later = write('later', 'commitLater')
    expect(await Promise.all([write('now'), later])).toEqual([2, 1])
    expect(transaction).toHaveBeenCalledTimes(1)
    expect(await write('alone', 'commitLater')).toBe(3)
  })

  it('keeps a write without haste waiting on the heels of another, where that is wished', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      commits = createGroupCommit(database, { isAlwaysPatient: true })
      const transaction = vi.spyOn(database, 'transaction')
      await write('one')
      const later = write('later', 'commitLater')
      for (let tick = 0; tick < 5; tick++) await new Promise(setImmediate)
      expect(await Promise.all([later, write('two')])).toEqual([2, 3])
      expect(transaction).toHaveBeenCalledTimes(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('is settled when all that was handed in is on the disk', async () => {
    void write('one')
    void write('two', 'commitLater')
    await commits.settled()
    expect(await database.selectFrom('fact').selectAll().execute()).toHaveLength(2)
  })
})
