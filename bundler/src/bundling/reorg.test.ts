// What was found out on a branch that is gone ends no operation and is held against nobody.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import {
  type Address,
  createPublicClient,
  type Hash,
  http,
  type PrivateKeyAccount,
  type PublicClient,
} from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, type BundlerCoreOptions, startBundlerCore } from '../testing/bundlerCore.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { encodeBundle } from './handleOps.ts'

let chain: AccountChain
let core: BundlerCore
let executors: readonly PrivateKeyAccount[]

beforeEach(async () => {
  chain = await startAccountChain({ accounts: 4 })
  executors = await chain.executors(2)
  await chain.mine(4)
})
afterEach(async () => {
  await core.stop()
  await chain.stop()
})

async function start(options: Partial<BundlerCoreOptions> = {}): Promise<void> {
  core = await startBundlerCore({ client: chain.client, executors, ...options })
}
const account = (index: number): Address => chain.accounts[index] as Address
const reorg = (depth: number) => chain.anvil.request({ method: 'anvil_reorg', params: [depth, []] } as never)
async function mineAndLook(): Promise<void> {
  await chain.mine()
  await core.look()
}
async function bundleUntilEmpty(): Promise<void> {
  for (let block = 0; block < 10; block++) {
    await core.bundling.sendNow()
    await mineAndLook()
  }
}
async function expectAllLanded(all: readonly ValidatedOperation[]): Promise<void> {
  for (const { userOperationHash } of all) {
    expect(await core.receipts.statusOf(userOperationHash)).toMatchObject({ status: 'included' })
    expect(await chain.landings(userOperationHash)).toHaveLength(1)
  }
}
async function add(one: ValidatedOperation): Promise<void> {
  expect(await core.mempool.add(one)).toMatchObject({ ok: true })
}

/** In a transaction that the next block holds. */
async function landByStranger(one: ValidatedOperation): Promise<Hash> {
  const [stranger] = (await chain.executors(1)) as [PrivateKeyAccount]
  const signed = await stranger.signTransaction({
    type: 'eip1559',
    chainId: 103,
    nonce: 0,
    to: entryPoint07Address,
    data: encodeBundle(entryPoint07, [one], stranger.address),
    gas: 3_000_000n,
    maxFeePerGas: 10n ** 11n,
    maxPriorityFeePerGas: 10n ** 10n,
  })
  return await chain.client.sendRawTransaction({ serializedTransaction: signed })
}

/** The first operations of an account: one has landed, the next waits. */
async function landedAndNext(): Promise<readonly [ValidatedOperation, ValidatedOperation]> {
  const first = await chain.operation(account(0), { nonce: 0n })
  await add(first)
  await core.bundling.sendNow()
  await mineAndLook()
  expect(await chain.landings(first.userOperationHash)).toHaveLength(1)
  const next = await chain.operation(account(0), { nonce: 1n })
  await add(next)
  return [first, next]
}

describe('the next operation of an account whose last one a reorg took back', () => {
  it('waits for it, when it is looked at before the reorg is known here', async () => {
    await start()
    const all = await landedAndNext()
    await reorg(1)
    await core.bundling.sendNow()
    expect(core.mempool.get(all[1].userOperationHash)).toBeDefined()
    await bundleUntilEmpty()
    await expectAllLanded(all)
    expect(core.reputation.dump().filter(({ status }) => status !== 'ok')).toEqual([])
  })

  it('waits for it, when it is looked at in the very block of the reorg', async () => {
    await start()
    const all = await landedAndNext()
    await reorg(1)
    await core.look()
    await core.bundling.sendNow()
    await bundleUntilEmpty()
    await expectAllLanded(all)
  })
})

describe('the next operation of an account whose last one nobody here knew', () => {
  it('waits as well, for as long as it takes to land again', async () => {
    await start()
    const first = await chain.operation(account(0), { nonce: 0n })
    const next = await chain.operation(account(0), { nonce: 1n })
    const foreign = await landByStranger(first)
    await mineAndLook()
    await add(next)
    await reorg(1)
    await chain.anvil.dropTransaction({ hash: foreign })
    await core.look()
    await bundleUntilEmpty()
    expect(core.mempool.get(next.userOperationHash)).toBeDefined()
    await landByStranger(first)
    await bundleUntilEmpty()
    await bundleUntilEmpty()
    await expectAllLanded([first, next])
    expect(core.reputation.dump().filter(({ status }) => status !== 'ok')).toEqual([])
  })
})

describe('a node that is one block behind', () => {
  /** Answers as of the block before the last to every question about `latest` but the one for the block itself. */
  function laggingClient(isLagging: () => boolean): PublicClient {
    return createPublicClient({
      chain: chain.client.chain,
      cacheTime: 0,
      transport: http(`${chain.url}/?lagging`, {
        retryCount: 0,
        async fetchFn(input, init) {
          const body = String(init?.body)
          const number = await chain.client.getBlockNumber({ cacheTime: 0 })
          const asked = body.includes('eth_getBlockByNumber')
            ? body
            : body.replaceAll('"latest"', `"0x${(number - 1n).toString(16)}"`)
          return await fetch(input, { ...init, body: isLagging() ? asked : body })
        },
      }),
    }) as PublicClient
  }

  it('makes no operation look as if its nonce were wrong', async () => {
    let isLagging = false
    await start({ client: laggingClient(() => isLagging) })
    const all = await landedAndNext()
    isLagging = true
    await core.bundling.sendNow()
    expect(core.mempool.get(all[1].userOperationHash)).toBeDefined()
    isLagging = false
    await bundleUntilEmpty()
    await expectAllLanded(all)
  })

  it('makes no transaction look as if it were overdue for a cancellation', async () => {
    let isLagging = false
    await start({ client: laggingClient(() => isLagging) })
    const first = await chain.operation(account(0), { nonce: 0n })
    await add(first)
    await core.bundling.sendNow()
    isLagging = true
    await mineAndLook()
    expect(core.submission.dueReplacements()).toEqual([])
    expect(core.submission.executors().map(({ inFlight }) => inFlight)).toEqual([0, 0])
  })
})

describe('a bundle that reverts in the branch after a reorg', () => {
  it('blames nobody: what its operations were verified on is gone', async () => {
    await start()
    const first = await chain.operation(account(0), { nonce: 0n })
    const next = await chain.operation(account(0), { nonce: 1n })
    await add(first)
    const foreign = await landByStranger(first)
    await mineAndLook()
    await add(next)
    await core.bundling.sendNow()
    const carrier = core.mempool.get(next.userOperationHash)?.transactionHash as Hash
    await reorg(1)
    await chain.anvil.dropTransaction({ hash: foreign })
    await chain.mine()
    const { status } = await chain.client.getTransactionReceipt({ hash: carrier })
    expect(status).toBe('reverted')
    await core.look()
    await bundleUntilEmpty()
    await expectAllLanded([first, next])
    expect(core.reputation.dump().filter(({ status }) => status !== 'ok')).toEqual([])
  })
})

describe('an operation that a block ended which a reorg then takes', () => {
  it('lands after all, where another had its nonce in that block only', async () => {
    await start()
    const ours = await chain.operation(account(0), { nonce: 0n })
    const rival = await chain.operation(account(0), { nonce: 0n, maxFeePerGas: 10n ** 11n })
    await add(ours)
    const foreign = await landByStranger(rival)
    await mineAndLook()
    expect(await core.receipts.statusOf(ours.userOperationHash)).toMatchObject({ status: 'rejected' })
    await reorg(1)
    await chain.anvil.dropTransaction({ hash: foreign })
    await core.look()
    await bundleUntilEmpty()
    await expectAllLanded([ours])
  })

  it('lands after all, where its account could not pay in that block only', async () => {
    await start()
    const ours = await chain.operation(account(1), { nonce: 0n })
    await add(ours)
    const value = await chain.client.getBalance({ address: account(1) })
    await chain.anvil.setBalance({ address: account(1), value: 0n })
    await mineAndLook()
    await core.bundling.sendNow()
    expect(await core.receipts.statusOf(ours.userOperationHash)).toMatchObject({
      reason: expect.stringContaining('AA21'),
    })
    await reorg(1)
    await chain.anvil.setBalance({ address: account(1), value })
    await mineAndLook()
    await bundleUntilEmpty()
    await expectAllLanded([ours])
  })
})
