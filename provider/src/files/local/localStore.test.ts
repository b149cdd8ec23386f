// Files in a folder: whole or not at all, and nowhere else.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileStore } from '../fileStore.ts'
import { keepsFiles } from '../testing/storeContract.ts'
import { openLocalStore } from './localStore.ts'

let folder: string
let store: FileStore
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-store-'))
  store = await openLocalStore({ folder })
})
afterAll(() => rm(folder, { recursive: true }))

describe('a folder', () => {
  keepsFiles(() => store, 300_000)

  test('holds no half of a file, also after a life that ended in the middle', async () => {
    await writeFile(join(folder, 'unfinished', 'ab'.repeat(16)), 'half')
    await openLocalStore({ folder })
    expect(await readdir(join(folder, 'unfinished'))).toEqual([])
  })
})
