// A question to the data file holds up nobody else: neither the event loop, nor whoever asks after one that took too long.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase } from './openDatabase.ts'
import { createQueryThread, type QueryThread } from './queryThread.ts'
import type { Reader } from './reader.ts'

type Asked = {
  readonly sum: (reader: Reader, numbers: readonly number[]) => number
  readonly write: (reader: Reader, nothing: undefined) => void
  readonly forever: (reader: Reader, nothing: undefined) => number
}

const source = `export const queries = {
  sum: (reader, numbers) => reader.get('select ? + ? as sum', ...numbers).sum,
  write: reader => void reader.all('delete from thing returning a'),
  forever: reader => reader.get('with recursive n(n) as (select 1 union all select n + 1 from n) select count(*) as c from n').c,
}`

const deadlineMilliseconds = 1_500
const slowly = `await new Promise(resolve => setTimeout(resolve, ${2 * deadlineMilliseconds}))\n`

let folder: string
let path: string
let thread: QueryThread<Asked>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'query-thread-'))
  path = join(folder, 'data.sqlite')
  const database = await openDatabase<Record<string, never>>({
    path,
    migrations: {
      '001-thing': { up: builder => builder.schema.createTable('thing').addColumn('a', 'text').execute() },
    },
  })
  await database.destroy()
  thread = threadOf(source)
})
afterEach(async () => {
  await thread.stop()
  rmSync(folder, { recursive: true })
})

function threadOf(text: string): QueryThread<Asked> {
  const module = join(folder, `${text.length}.mjs`)
  writeFileSync(module, text)
  return createQueryThread<Asked>({ path, module, deadlineMilliseconds })
}

it('answers, and answers again after one question was wrong', async () => {
  expect(await thread.ask('sum', [1, 2])).toBe(3)
  await expect(thread.ask('sum', [])).rejects.toThrow()
  expect(await thread.ask('sum', [3, 4])).toBe(7)
})

it('cannot change the file', async () => {
  await expect(thread.ask('write', undefined)).rejects.toThrow(/readonly/)
})

it('ends what takes too long, and answers the next', async () => {
  await expect(thread.ask('forever', undefined)).rejects.toThrow(/asked too much/)
  await expect.poll(() => thread.ask('sum', [1, 2])).toBe(3)
})

it('is waited for while it starts, however long that takes on a busy machine', async () => {
  thread = threadOf(slowly + source)
  expect(await thread.ask('sum', [1, 2])).toBe(3)
})

it('tells those who wait when it is stopped', async () => {
  const asked = thread.ask('forever', undefined)
  const ended = expect(asked).rejects.toThrow(/stopping/)
  await thread.stop()
  await ended
})
