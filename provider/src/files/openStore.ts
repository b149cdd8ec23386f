// Which store the operator chose, with what it needs; or a sentence that says what is missing.
import { join } from 'node:path'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import type { Hex } from 'viem'
import type { FileStore } from './fileStore.ts'
import { openLocalStore } from './local/localStore.ts'
import { createS3Store } from './s3/s3Store.ts'
import { loadZeroGClient } from './zeroG/zeroGClient.ts'
import { openZeroGStore } from './zeroG/zeroGStore.ts'

export type StoreSettings = {
  readonly storage: 'local' | 's3' | '0g'
  readonly s3Endpoint: string | undefined
  readonly s3Region: string
  readonly s3Bucket: string | undefined
  readonly s3Prefix: string | undefined
  /** `ACCESS_KEY_ID:SECRET_ACCESS_KEY`; never logged. */
  readonly s3Credentials: string | undefined
  readonly zeroGIndexerUrl: string | undefined
  readonly zeroGRpcUrl: string | undefined
  readonly zeroGKey: string | undefined
}

export async function openStore(settings: StoreSettings, folder: string): Promise<FileStore> {
  if (settings.storage === 's3') return createS3Store(s3SettingsOf(settings))
  if (settings.storage === '0g') {
    const client = await loadZeroGClient({
      indexerUrl: needed(settings.zeroGIndexerUrl, '--zero-g-indexer-url', '0g'),
      chainRpcUrl: needed(settings.zeroGRpcUrl, '--zero-g-rpc-url', '0g'),
      privateKey: needed(settings.zeroGKey, '--zero-g-key-file', '0g').trim() as Hex,
    })
    return await openZeroGStore({ client, folder: join(folder, '0g-copies') })
  }
  return await openLocalStore({ folder: join(folder, 'stored') })
}

function s3SettingsOf(settings: StoreSettings) {
  const credentials = needed(settings.s3Credentials, '--s3-credentials-file', 's3').trim()
  const [accessKeyId = '', secretAccessKey = '', ...more] = credentials.split(/[:\n]/)
  if (accessKeyId === '' || secretAccessKey === '' || more.length > 0) {
    throw new ExitError(
      exitCodes.configuration,
      'the credentials of S3 are not an access key’s id, a colon and its secret: put ID:SECRET into the file of --s3-credentials-file',
    )
  }
  return {
    endpoint: needed(settings.s3Endpoint, '--s3-endpoint', 's3'),
    region: settings.s3Region,
    bucket: needed(settings.s3Bucket, '--s3-bucket', 's3'),
    prefix: settings.s3Prefix ?? '',
    accessKeyId,
    secretAccessKey,
  }
}

function needed(value: string | undefined, flag: string, storage: string): string {
  if (value !== undefined) return value
  throw new ExitError(
    exitCodes.configuration,
    `--storage ${storage} needs ${flag}: give it, or leave --storage out`,
  )
}
