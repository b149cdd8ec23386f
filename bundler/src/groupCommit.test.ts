import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGroupCommit, type GroupCommit } from './groupCommit.ts'

type Schema = { fact: { name: string } }

let database: Kysely<Schema>
let commits: GroupCommit<Schema>

beforeEach(async () => {
  database = await openDatabase<Schema>({
    path: ':memory:',
    migrations: {
      '001-fact': {
        async up(schema) {
          await schema.schema
            .createTable('fact')
            .addColumn('name', 'text', column => column.primaryKey())
            .execute()
        },
      },
    },
  })
  commits = createGroupCommit(database)
})
afterEach(async () => await database.destroy())

async function write(name: string): Promise<void> {
  await commits.commit(async transaction => {
    await transaction.insertInto('fact').values({ name }).execute()
  })
}
const names = async () => (await database.selectFrom('fact').select('name').execute()).map(({ name }) => name)

describe('group commit', () => {
  it('puts all writes of one tick into one transaction', async () => {
    const transaction = vi.spyOn(database, 'transaction')
    await Promise.all(Array.from({ length: 200 }, (_, index) => write(`fact ${index}`)))
    expect(transaction).toHaveBeenCalledTimes(1)
    expect(await names()).toHaveLength(200)
  })

  it('resolves a write only when it can be read', async () => {
    const written = write('first').then(names)
    const later = write('second')
    expect(await written).toContain('first')
    await later
  })

  it('fails the bad write alone', async () => {
    await write('taken')
    const outcomes = await Promise.allSettled([write('before'), write('taken'), write('after')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await names()).toEqual(['taken', 'before', 'after'])
  })

  it('writes in the order in which it was asked to', async () => {
    const order: string[] = []
    const note = (name: string) => commits.commit(async () => void order.push(name))
    const first = note('first')
    await new Promise(setImmediate)
    await Promise.all([first, note('second'), note('third')])
    expect(order).toEqual(['first', 'second', 'third'])
  })

  it('is settled when all that was handed in is written', async () => {
    void write('one')
    void write('two')
    await commits.settled()
    expect(await names()).toHaveLength(2)
  })
})
