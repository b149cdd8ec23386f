// What a restart remembers: whose the GPUs are, which leases were taken, what the operator said. A real file, closed and opened.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Identity, openProviderDatabase, type ProviderDatabase } from './database.ts'
import { createGpuBook, type GpuBook } from './hardware/gpuBook.ts'
import { createLeaseBook } from './leases/leaseBook.ts'
import { openSealingKeys } from './leases/sealingKeys.ts'
import { createDrain } from './operator/drain.ts'

const mine: Identity = { chain_id: 103, genesis_hash: '0x1', provider: '0x2', instance_lease: '0x3' }
const gpus = ['GPU-a', 'GPU-b', 'GPU-c'].map(uuid => ({ uuid, name: 'RTX', memoryMiB: 24_564 }))
let folder: string
let opened: ProviderDatabase

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provider-'))
  opened = await open()
})
afterEach(async () => {
  await opened.database.destroy()
  rmSync(folder, { recursive: true })
})

const open = () => openProviderDatabase({ path: join(folder, 'provider.sqlite'), mine })

async function restart(): Promise<void> {
  await opened.database.destroy()
  opened = await open()
}

async function openBook(isWithoutGpus = false): Promise<GpuBook> {
  const book = createGpuBook({ ...opened, gpus, isWithoutGpus })
  await book.start()
  return book
}

describe('the GPUs', () => {
  it('are given to one machine each, the same ones again, also after a restart', async () => {
    const before = await openBook()
    expect(await before.assign('lease-1', 2)).toEqual({ ok: true, value: ['GPU-a', 'GPU-b'] })
    expect(await before.assign('lease-1', 2)).toEqual({ ok: true, value: ['GPU-a', 'GPU-b'] })
    await restart()
    const after = await openBook()
    expect(after.assigned('lease-1')).toEqual(['GPU-a', 'GPU-b'])
    expect(await after.assign('lease-2', 2)).toEqual({
      ok: false,
      refusal: 'it takes 2 GPUs, and 1 are free',
    })
    expect(await after.assign('lease-2', 1)).toEqual({ ok: true, value: ['GPU-c'] })
  })

  it('are given to one machine each also where the disk was full when they were first asked for', async () => {
    let isFull = true
    const commits = {
      commit: (write: Parameters<typeof opened.commits.commit>[0]) =>
        isFull ? Promise.reject(new Error('SQLITE_FULL')) : opened.commits.commit(write),
    } as Pick<typeof opened.commits, 'commit'>
    const before = createGpuBook({ database: opened.database, commits, gpus, isWithoutGpus: false })
    await expect(before.assign('lease-1', 2)).rejects.toThrow('SQLITE_FULL')
    expect(before.freeCount()).toBe(3)
    isFull = false
    expect(await before.assign('lease-1', 2)).toEqual({ ok: true, value: ['GPU-a', 'GPU-b'] })
    await restart()
    const after = await openBook()
    expect(await after.assign('lease-2', 1)).toEqual({ ok: true, value: ['GPU-c'] })
  })

  it('are given to nobody twice by who asks at the same time', async () => {
    const book = await openBook()
    const given = await Promise.all(['a', 'b', 'c', 'd'].map(machine => book.assign(machine, 1)))
    const taken = given.flatMap(one => (one.ok ? one.value : []))
    expect(new Set(taken).size).toBe(3)
    expect(given.filter(({ ok }) => !ok)).toHaveLength(1)
  })

  it('are free again when their machine is gone', async () => {
    const book = await openBook()
    await book.assign('lease-1', 3)
    await book.release('lease-1')
    await restart()
    expect((await openBook()).freeCount()).toBe(3)
  })

  it('are given to nobody where the operator says so', async () => {
    expect(await (await openBook(true)).assign('lease-1', 8)).toEqual({ ok: true, value: [] })
  })
})

it('remembers on what terms a lease was taken, and how far the market was searched', async () => {
  const before = createLeaseBook(opened.database, opened.commits)
  await before.start()
  await before.found([{ leaseId: 7n, fromBlock: 40n }], 8n)
  await before.take(7n, { terms: '0xab', resources: { offer: 'desk', gpus: 2, cpus: 4 } })
  await restart()
  const after = createLeaseBook(opened.database, opened.commits)
  await after.start()
  expect(after.ids()).toEqual([7n])
  expect(after.fromBlock(7n)).toBe(40n)
  expect(after.nextLeaseId()).toBe(8n)
  expect(after.taken(7n)).toEqual({ terms: '0xab', resources: { offer: 'desk', gpus: 2, cpus: 4 } })
  await after.forget(7n)
  expect(after.ids()).toEqual([])
})

it('remembers since when nothing entitled a machine to be, until something does', async () => {
  const before = createLeaseBook(opened.database, opened.commits)
  await before.found([{ leaseId: 7n, fromBlock: 40n }], 8n)
  await before.markUnentitled(7n, 55n)
  await before.take(7n, { terms: '0xab', resources: { offer: 'desk', gpus: 2 } })
  await restart()
  const after = createLeaseBook(opened.database, opened.commits)
  await after.start()
  expect(after.unentitledSince(7n)).toBe(55n)
  expect(after.fromBlock(7n)).toBe(40n)
  await after.markUnentitled(7n, undefined)
  await restart()
  const last = createLeaseBook(opened.database, opened.commits)
  await last.start()
  expect(last.unentitledSince(7n)).toBeUndefined()
  expect(last.taken(7n)?.terms).toBe('0xab')
})

it('goes on draining after a restart, until it is told to stop', async () => {
  const before = createDrain(opened.database, opened.commits)
  await before.start()
  await before.set(true)
  await restart()
  const after = createDrain(opened.database, opened.commits)
  await after.start()
  expect(after.isOn()).toBe(true)
  await after.set(false)
  expect(after.isOn()).toBe(false)
})

it('refuses a database of another provider or chain, and says which', async () => {
  const other = openProviderDatabase({
    path: join(folder, 'other.sqlite'),
    mine: { ...mine, provider: '0x9' },
  })
  await (await other).database.destroy()
  await expect(openProviderDatabase({ path: join(folder, 'other.sqlite'), mine })).rejects.toThrow(
    'its provider is 0x9, not 0x2',
  )
})

describe('the sealing keys', () => {
  it('are made once, for the daemon alone, and read again', () => {
    const path = join(folder, 'keys', 'sealing.key')
    const [made] = openSealingKeys(path, false)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(openSealingKeys(path, false)).toEqual([made])
    // A renewal: the newest first, the old one kept.
    writeFileSync(path, `0x${'11'.repeat(32)}\n${readFileSync(path, 'utf8')}`)
    expect(openSealingKeys(path, false)[1]).toEqual(made)
  })

  it('are refused where others can read them, or where something else stands in the file, never with its text', () => {
    const path = join(folder, 'open.key')
    writeFileSync(path, `0x${'22'.repeat(32)}\n`, { mode: 0o644 })
    expect(() => openSealingKeys(path, false)).toThrow('chmod 600')
    writeFileSync(join(folder, 'wrong.key'), `0x${'22'.repeat(31)}`, { mode: 0o600 })
    expect(() => openSealingKeys(join(folder, 'wrong.key'), false)).toThrow(/holds no sealing keys(?!.*2222)/)
  })
})
