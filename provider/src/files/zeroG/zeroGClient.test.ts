// 0G's own client is there as this daemon means to use it. Its network is not here: nothing was uploaded or downloaded.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Indexer, ZgFile } from '@0gfoundation/0g-ts-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesOfLength } from '../testing/storeContract.ts'
import { loadZeroGClient } from './zeroGClient.ts'
import { zeroGRoot } from './zeroGRoot.ts'
import { openZeroGStore } from './zeroGStore.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zero-g-'))
})
afterAll(() => rm(folder, { recursive: true }))

const unreachable = {
  indexerUrl: 'http://127.0.0.1:1',
  chainRpcUrl: 'http://127.0.0.1:1',
  privateKey: `0x${'11'.repeat(32)}`,
} as const

describe('the client of 0G', () => {
  test('has the methods that this daemon calls', () => {
    for (const method of ['upload', 'download', 'getFileLocations'] as const) {
      expect(Indexer.prototype[method]).toBeTypeOf('function')
    }
  })

  test('reads a file from the disk with the root that we compute', async () => {
    const path = join(folder, 'file')
    const bytes = bytesOfLength(300_001)
    await writeFile(path, bytes)
    const file = await ZgFile.fromFilePath(path)
    const [tree] = await file.merkleTree()
    await file.close()
    expect(await zeroGRoot(bytes)).toBe(tree?.rootHash())
  })

  test('that is not reached is an outage, and leaves nothing on this machine', async () => {
    const store = await openZeroGStore({ client: await loadZeroGClient(unreachable), folder })
    const bytes = bytesOfLength(1_000)
    async function* once() {
      yield bytes
    }
    await expect(store.put({ id: 'ab'.repeat(16), sizeBytes: 1_000, bytes: once() })).rejects.toThrow(
      '0G took no file',
    )
    expect(await store.stat(await zeroGRoot(bytes)).catch(() => undefined)).toBeUndefined()
  })
})
