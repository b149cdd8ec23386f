// Policies in the database: seeded by the file, edited while running, the same after any stop.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import type { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedger } from '../ledger/ledger.ts'
import { type LedgerSchema, ledgerMigrations } from '../ledger/schema.ts'
import { testLogger } from '../testing/startPaymaster.ts'
import { createPolicyBook, type PolicyBook } from './policyBook.ts'

const market = '0xabcdef0000000000000000000000000000000001'
const definition = (id: string, change: object = {}) => ({
  id,
  name: id,
  contracts: [{ address: market, functions: ['*'] }],
  limits: { costPerOperationWei: '0.01ether', global: { costWei: '1ether' } },
  ...change,
})

let folder: string
let database: Kysely<LedgerSchema>
let book: PolicyBook

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'policies-'))
  write(definition('demo'))
  await open()
})
afterEach(() => database.destroy())

const file = () => join(folder, 'policies.json')

function write(...policies: object[]): void {
  writeFileSync(file(), JSON.stringify({ policies }))
}

/** Also anew, after a stop. */
async function open(path: { file?: string } = { file: file() }): Promise<void> {
  await database?.destroy()
  const at = join(folder, 'ledger.sqlite')
  database = await openDatabase<LedgerSchema>({ path: at, migrations: ledgerMigrations })
  book = await createPolicyBook({ database, file: path.file, now: () => 1_800_000_000, logger: testLogger })
}

const inForce = () => book.inForce().map(({ id, name, version }) => [id, name, version])
const change = (id: string, expectedVersion: number) => ({ id, expectedVersion, author: 'Ada', note: '' })

async function save(id: string, name: string, expectedVersion: number) {
  return await book.save({ ...change(id, expectedVersion), definition: definition(id, { name }) })
}

async function reload(...policies: object[]): Promise<void> {
  write(...policies)
  const reloaded = await book.reload()
  if (!reloaded.ok) throw new Error(reloaded.refusal.message)
}

describe('the policies file', () => {
  it('begins policies, changes those that nobody else changed, and takes out what it has no more', async () => {
    expect(inForce()).toEqual([['demo', 'demo', 1]])
    await reload(definition('demo', { name: 'Changed' }), definition('new'))
    expect(inForce()).toEqual([
      ['demo', 'Changed', 2],
      ['new', 'new', 1],
    ])
    await reload(definition('new'))
    expect(inForce()).toEqual([['new', 'new', 1]])
    expect(book.find('demo')).toMatchObject({ state: 'archived', version: 3, author: 'policies file' })
    await reload(definition('demo'), definition('new'))
    expect(inForce()).toEqual([
      ['demo', 'demo', 4],
      ['new', 'new', 1],
    ])
  })

  it('makes no version where its text is the same, however often it is read', async () => {
    await book.reload()
    await open()
    await reload(definition('demo'))
    expect(inForce()).toEqual([['demo', 'demo', 1]])
  })

  it('overwrites nothing that was edited in the console: its text waits, and is told', async () => {
    await save('demo', 'Edited', 1)
    await reload(definition('demo', { name: 'From the file' }))
    expect(inForce()).toEqual([['demo', 'Edited', 2]])
    expect(book.find('demo')).toMatchObject({ newestVersion: 3, waitingFileVersion: 3 })
    expect(book.describe()).toContain('a newer text of the file waits: demo')
    await book.reload()
    await open()
    expect(book.find('demo')).toMatchObject({ newestVersion: 3, waitingFileVersion: 3 })
    expect(inForce()).toEqual([['demo', 'Edited', 2]])
    expect(await book.rollback({ ...change('demo', 3), toVersion: 3 })).toMatchObject({ ok: true })
    expect(inForce()).toEqual([['demo', 'From the file', 4]])
    expect(book.find('demo')?.waitingFileVersion).toBe(null)
  })

  it('neither ends what was edited in the console nor brings back what was archived there', async () => {
    await save('demo', 'Edited', 1)
    await reload()
    expect(inForce()).toEqual([['demo', 'Edited', 2]])
    await book.archive(change('demo', 2))
    await reload(definition('demo', { name: 'From the file' }))
    expect(inForce()).toEqual([])
  })

  it('is needed no more once it has begun them', async () => {
    await open({})
    expect(inForce()).toEqual([['demo', 'demo', 1]])
  })

  it('with a mistake changes nothing, and neither does one whose default would be the second', async () => {
    writeFileSync(file(), '{"policies":[{"id":"demo"}]}')
    expect(await book.reload()).toMatchObject({ ok: false })
    expect(book.describe()).toContain('a newer file is refused')
    expect(inForce()).toEqual([['demo', 'demo', 1]])
    await book.save({ ...change('mine', 0), definition: definition('mine', { default: true }) })
    write(definition('demo', { default: true }))
    expect(await book.reload()).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('which policy "mine" is') },
    })
    expect(inForce()).toEqual([
      ['demo', 'demo', 1],
      ['mine', 'mine', 1],
    ])
  })

  it('may hand the default from one of its policies to another', async () => {
    await reload(definition('demo', { default: true }), definition('next'))
    await reload(definition('demo'), definition('next', { default: true }))
    expect(book.inForce().find(({ isDefault }) => isDefault)?.id).toBe('next')
    await reload(definition('last', { default: true }))
    expect(book.inForce().find(({ isDefault }) => isDefault)?.id).toBe('last')
  })
})

describe('an edit', () => {
  it('is in force when it is answered, and after any stop', async () => {
    const saved = await save('demo', 'Edited', 1)
    expect(saved).toMatchObject({ ok: true, value: { version: 2, author: 'Ada', source: 'console' } })
    expect(inForce()).toEqual([['demo', 'Edited', 2]])
    await open()
    expect(inForce()).toEqual([['demo', 'Edited', 2]])
  })

  it('with a mistake is refused by its field, and what was in force stays', async () => {
    const before = book.inForce()
    const limits = { costPerOperationWei: '0', global: { costWei: '1ether' } }
    const refused = await book.save({ ...change('demo', 1), definition: definition('demo', { limits }) })
    expect(refused).toMatchObject({
      ok: false,
      refusal: { data: { reason: 'invalidPolicy', field: 'limits.costPerOperationWei' } },
    })
    expect(book.inForce()).toBe(before)
    for (const nonsense of [null, [], 'policy', { id: 'x'.repeat(600_000) }]) {
      expect(await book.save({ ...change('demo', 1), definition: nonsense })).toMatchObject({ ok: false })
    }
    expect(book.find('demo')?.newestVersion).toBe(1)
  })

  it('of many at once is one, for each version', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => save('demo', `try ${index}`, 1)),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    for (const answer of answers) {
      if (!answer.ok)
        expect(answer.refusal.data).toMatchObject({ reason: 'versionConflict', newestVersion: 2 })
    }
    expect(await book.history('demo', { limit: 10 })).toHaveLength(2)
  })

  it('goes back to any version, never to one that means nothing any more', async () => {
    await save('demo', 'second', 1)
    await save('demo', 'third', 2)
    expect(await book.rollback({ ...change('demo', 3), toVersion: 1 })).toMatchObject({
      ok: true,
      value: { version: 4, source: 'rollback', note: 'back to version 1' },
    })
    expect(inForce()).toEqual([['demo', 'demo', 4]])
    expect(await book.rollback({ ...change('demo', 4), toVersion: 9 })).toMatchObject({
      ok: false,
      refusal: { data: { reason: 'unknownVersion' } },
    })
    expect(await book.rollback({ ...change('none', 0), toVersion: 1 })).toMatchObject({ ok: false })
    expect(await book.archive(change('none', 0))).toMatchObject({
      ok: false,
      refusal: { data: { reason: 'unknownPolicy' } },
    })
  })

  it('keeps apart what other policies say: a policy of the database that means nothing sponsors nothing', async () => {
    await save('mine', 'mine', 0)
    await database
      .updateTable('policy_version')
      .set({ definition: '{"id":"mine","limits":"of another release"}' })
      .where('policy_id', '=', 'mine')
      .execute()
    await open()
    expect(inForce()).toEqual([['demo', 'demo', 1]])
    expect(book.find('mine')?.problem).toContain('limits')
    expect(await save('mine', 'mended', 1)).toMatchObject({ ok: true })
    expect(inForce()).toContainEqual(['mine', 'mended', 2])
  })
})

describe('what was decided by a version', () => {
  const head = { number: 1n, hash: `0x${'11'.repeat(32)}` } as const
  const reservation = (version: number) => ({
    sender: market as `0x${string}`,
    nonce: 0n,
    maxCostWei: 1n,
    validUntil: 2_000_000_000,
    budgets: [],
    policy: { id: 'demo', version },
  })

  it('is reserved by that version alone, and decided anew once another is in force', async () => {
    const ledger = createLedger(database)
    await ledger.advance({ removedBlocks: [], landings: [], head, depositWei: 100n })
    expect(await ledger.reserve(reservation(1))).toMatchObject({ ok: true })
    const [saved, reserved] = await Promise.all([save('demo', 'Edited', 1), ledger.reserve(reservation(2))])
    expect(saved.ok).toBe(true)
    // Whichever came first on the disk.
    if (!reserved.ok) expect(reserved.refusal.data).toMatchObject({ reason: 'policyChanged' })
    expect(await ledger.reserve(reservation(1))).toMatchObject({
      ok: false,
      refusal: { data: { reason: 'policyChanged' } },
    })
    expect(await ledger.reserve(reservation(2))).toMatchObject({ ok: true })
    await book.archive(change('demo', 2))
    expect(await ledger.reserve(reservation(3))).toMatchObject({ ok: false })
  })
})
