// A node that was killed is back at a block of long ago: what had landed above it waits again, and lands.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hash, PrivateKeyAccount } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, type BundlerCoreOptions, startBundlerCore } from '../testing/bundlerCore.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

let folder: string
let chain: AccountChain
let core: BundlerCore
let executors: readonly PrivateKeyAccount[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lostChain-'))
  chain = await startAccountChain({ accounts: 4 })
  executors = await chain.executors(1)
  await chain.mine(4)
})
afterEach(async () => {
  await core.stop()
  await chain.stop()
  rmSync(folder, { recursive: true })
})

async function start(options: Partial<BundlerCoreOptions> = {}): Promise<void> {
  core = await startBundlerCore({ client: chain.client, executors, ...options })
}
async function land(index: number): Promise<ValidatedOperation> {
  const one = await chain.operation(chain.accounts[index] as Hash)
  expect(await core.mempool.add(one)).toMatchObject({ ok: true })
  await core.bundling.sendNow()
  await chain.mine()
  await core.look()
  expect(await chain.landings(one.userOperationHash)).toHaveLength(1)
  return one
}
async function settleDown(all: readonly ValidatedOperation[]): Promise<void> {
  for (let block = 0; block < 12; block++) {
    await core.bundling.sendNow()
    await chain.mine()
    await core.look()
  }
  for (const { userOperationHash } of all) {
    expect(await chain.landings(userOperationHash)).toHaveLength(1)
    expect(await core.receipts.statusOf(userOperationHash)).toMatchObject({ status: 'included' })
  }
  expect(core.mempool.size()).toEqual({ pending: 0, submitted: 0 })
}
/** Four looks: so many answers prove that the node does not merely lag. */
async function lookPatiently(): Promise<void> {
  for (let look = 0; look < 4; look++) await core.look()
}

describe('a node that lost its chain', () => {
  it.each([
    ['as far as is remembered', 256],
    ['further than is remembered', 6],
  ])('%s: what had landed waits again, though it was final, and lands once', async (_, memoryBlocks) => {
    await start({ memoryBlocks })
    const flushed = await chain.anvil.snapshot()
    const early = await land(0)
    await chain.mine(30)
    await core.look()
    const late = await land(1)
    await chain.anvil.revert({ id: flushed })
    await lookPatiently()
    expect(core.head().number).toBe(await chain.client.getBlockNumber())
    const { pending, submitted } = core.mempool.size()
    expect(pending + submitted).toBe(2)
    await settleDown([early, late])
  })

  it('while the bundler was down, by more blocks than a start reads in any case', async () => {
    const path = { path: join(folder, 'bundler.sqlite') }
    await start(path)
    const flushed = await chain.anvil.snapshot()
    const early = await land(0)
    await chain.mine(150)
    await core.look()
    await core.stop()
    await chain.anvil.revert({ id: flushed })
    await chain.mine(160)
    await start(path)
    await settleDown([early])
  })
})
