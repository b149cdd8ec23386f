// An operator who chose a store and did not say all it needs is told what is missing.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore, type StoreSettings } from './openStore.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-store-'))
})
afterAll(() => rm(folder, { recursive: true }))

const nothing: Omit<StoreSettings, 'storage'> = {
  s3Endpoint: undefined,
  s3Region: 'us-east-1',
  s3Bucket: undefined,
  s3Prefix: undefined,
  s3Credentials: undefined,
  zeroGIndexerUrl: undefined,
  zeroGRpcUrl: undefined,
  zeroGKey: undefined,
}
const s3 = { ...nothing, storage: 's3', s3Endpoint: 'http://127.0.0.1:1', s3Bucket: 'models' } as const
const zeroG = { ...nothing, storage: '0g', zeroGIndexerUrl: 'http://127.0.0.1:1' } as const

test.each([
  [{ ...s3, s3Bucket: undefined, s3Credentials: 'id:secret' }, '--storage s3 needs --s3-bucket'],
  [s3, '--storage s3 needs --s3-credentials-file'],
  [{ ...s3, s3Credentials: 'only-an-id' }, 'put ID:SECRET into the file of --s3-credentials-file'],
  [{ ...s3, s3Credentials: 'id:secret:more' }, 'put ID:SECRET into the file'],
  [zeroG, '--storage 0g needs --zero-g-rpc-url'],
  [{ ...zeroG, zeroGRpcUrl: 'http://127.0.0.1:1' }, '--storage 0g needs --zero-g-key-file'],
])('settings that lack something are refused with the flag that mends them', async (settings, says) => {
  await expect(openStore(settings, folder)).rejects.toThrow(says)
})

test('credentials that do not fit are not repeated in what is said of them', async () => {
  const opened = openStore({ ...s3, s3Credentials: 'id:the-secret:more' }, folder)
  await expect(opened).rejects.not.toThrow('the-secret')
})

test('the store is the folder unless another was chosen', async () => {
  expect((await openStore({ ...nothing, storage: 'local' }, folder)).name).toBe('local')
  expect((await openStore({ ...s3, s3Credentials: 'id:secret\n' }, folder)).name).toBe('s3')
})
