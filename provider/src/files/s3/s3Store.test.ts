// Files in a bucket, against a real S3 server on this machine.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileStore } from '../fileStore.ts'
import { bytesOfLength, gather, keepsFiles, piecesOf } from '../testing/storeContract.ts'
import { createS3Bucket, type S3Settings } from './s3Bucket.ts'
import { createS3Store } from './s3Store.ts'

const mebibyte = 1_048_576
let folder: string
let server: S3rver
let settings: S3Settings
let store: FileStore

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 's3-store-'))
  const configureBuckets = [{ name: 'models', configs: [] }]
  server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: folder, configureBuckets })
  const { port } = await server.run()
  settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket: 'models',
    prefix: 'provider/',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  }
  store = createS3Store(settings)
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

describe('a bucket', () => {
  keepsFiles(() => store, 300_000)

  test('gives back what was too large for one request, by ranges across its parts', async () => {
    const bytes = bytesOfLength(17 * mebibyte + 5)
    const id = '12'.repeat(16)
    const reference = await store.put({ id, sizeBytes: bytes.length, bytes: piecesOf(bytes, mebibyte) })
    expect(await store.stat(reference)).toEqual({ sizeBytes: bytes.length })
    const range = { first: 8 * mebibyte - 3, last: 16 * mebibyte + 3 }
    const read = await gather(store.read(reference, range))
    expect(read.equals(bytes.subarray(range.first, range.last + 1))).toBe(true)
  })

  test('has nothing of a file that broke off', async () => {
    const id = '34'.repeat(16)
    async function* broken() {
      yield bytesOfLength(9 * mebibyte)
      throw new Error('the line was cut')
    }
    await expect(store.put({ id, sizeBytes: 20 * mebibyte, bytes: broken() })).rejects.toThrow('cut')
    expect(await store.stat(id)).toBeUndefined()
  })

  test('whose key is refused is an outage that names the bucket, and neither key nor secret', async () => {
    const wrong = createS3Bucket({
      ...settings,
      accessKeyId: 'NOBODY',
      secretAccessKey: 'not-the-secret-at-all',
    })
    const asked = wrong.ask({ method: 'PUT', name: 'x', body: new Uint8Array(3) }, [200])
    await expect(asked).rejects.toThrow('The bucket models answered PUT with 403')
    await asked.catch(error =>
      expect(`${error.message}${error.toCaller}`).not.toMatch(/not-the-secret|NOBODY/),
    )
  })

  test('that is not there is an outage', async () => {
    const gone = createS3Store({ ...settings, endpoint: 'http://127.0.0.1:1' })
    await expect(gone.stat('ab'.repeat(16))).rejects.toThrow('got no answer')
  })
})
