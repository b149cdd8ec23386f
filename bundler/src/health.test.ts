// What /health says of a bundler that cannot write its data file.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mountSmallDisk, type SmallDisk } from '@worldland-aa/service/testing/smallDisk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AccountChain, startAccountChain } from './testing/accountChain.ts'
import { type BundlerUnderTest, startBundler } from './testing/startBundler.ts'

let chain: AccountChain
let folder: string
let disk: SmallDisk | undefined
let bundler: BundlerUnderTest | undefined
beforeAll(async () => {
  chain = await startAccountChain({ accounts: 1 })
  folder = mkdtempSync(join(tmpdir(), 'health-'))
})
afterAll(async () => {
  disk?.empty()
  await bundler?.stop()
  disk?.remove()
  await chain?.stop()
  rmSync(folder, { recursive: true })
})

it('health fails while the disk under the data file is full, and names the file', async context => {
  disk = mountSmallDisk(4_096)
  if (disk === undefined) return context.skip('only root may mount a small disk')
  const dataFile = join(disk.folder, 'bundler.sqlite')
  bundler = await startBundler({ chain, dataFile, settingsFile: join(folder, 'settings.json') })
  /** Of every block it writes how far it came. */
  const healthAfterBlock = async (): Promise<{ status: number; storage: string | undefined }> => {
    await chain.mine()
    const response = await fetch(`${bundler?.url}/health`)
    const { checks } = (await response.json()) as { checks: Record<string, string> }
    return { status: response.status, storage: checks.storage }
  }
  const patience = { timeout: 30_000, interval: 100 }
  await expect.poll(healthAfterBlock, patience).toEqual({ status: 200, storage: 'is written' })
  disk.fill()
  await expect
    .poll(healthAfterBlock, patience)
    .toEqual({ status: 503, storage: expect.stringContaining(`${dataFile}: its disk is full`) })
  disk.empty()
  await expect.poll(healthAfterBlock, patience).toEqual({ status: 200, storage: 'is written' })
})
