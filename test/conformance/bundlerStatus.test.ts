// worldland_getBundlerStatus, as the paymaster's console reads it: what waits, what is on its way, who sends, who was refused.

import type { BundlerStatus } from '@worldland-aa/paymaster/admin/bundler/schema'
import { createAskBundler } from '@worldland-aa/paymaster/treasury/askBundler'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { systemClock } from '@worldland-aa/service/clock'
import { type Address, getAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { errorOf, resultOf } from '../support/rpc.ts'
import { deployTestEntities } from '../support/testEntities.ts'
import { hashOf, wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const banned: Address = '0x00000000000000000000000000000000000bAd00'
let chain: TestChain
let bundler: Daemon
let honest: Address
let misfit: Address

beforeAll(async () => {
  chain = await startTestChain()
  const entities = await deployTestEntities(chain.faucet)
  honest = await entities.account('HonestAccount')
  misfit = await entities.account('ReadsTimestamp')
  await chain.mineEvery(1)
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder, flags: { 'debug-api': 'true' } })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

const status = (): Promise<BundlerStatus> => resultOf(bundler.url, 'worldland_getBundlerStatus')

describe('worldland_getBundlerStatus', () => {
  it('tells of an operation on its way which transaction carries it, by whom, for how much and how long', async () => {
    await chain.mineEvery(0)
    const operation = wireOperation(honest)
    const hash = await resultOf(bundler.url, 'eth_sendUserOperation', operation, entryPoint07Address)
    expect(hash).toBe(hashOf(operation))
    await expect.poll(async () => (await status()).bundles.length).toBe(1)
    const { bundles, mempool, executors, head, chainId } = await status()
    expect(bundles[0]).toMatchObject({ userOperationHashes: [hash], operations: 1, blocksWaited: 0 })
    expect(executors.map(({ address }) => address)).toContain(bundles[0]?.executor)
    expect(executors).toHaveLength(2)
    const sending = executors.find(({ address }) => address === bundles[0]?.executor)
    expect(sending).toMatchObject({ setAsideBecause: null, pendingNonce: (bundles[0]?.nonce ?? 0) + 1 })
    expect(mempool).toMatchObject({ pending: 0, submitted: 1, oldestWaiting: null })
    expect({ chainId, number: head.number }).toEqual({
      chainId: await chain.client.getChainId(),
      number: Number(await chain.client.getBlockNumber({ cacheTime: 0 })),
    })
    await chain.mineEvery(1)
    await expect.poll(async () => (await status()).bundles).toEqual([])
  })

  it('counts why operations were refused, and names who is banned', async () => {
    for (const _ of [1, 2]) {
      await errorOf(bundler.url, 'eth_sendUserOperation', wireOperation(misfit), entryPoint07Address)
    }
    const entry = { address: banned, opsSeen: '0x10000', opsIncluded: '0x0' }
    await resultOf(bundler.url, 'debug_bundler_setReputation', [entry], entryPoint07Address)
    await expect
      .poll(async () => (await status()).refusals)
      .toContainEqual({ reason: 'OP-011', code: -32502, count: 2 })
    await expect
      .poll(async () => (await status()).reputation)
      .toMatchObject([{ address: getAddress(banned), status: 'banned' }])
  })

  it('takes no parameters', async () => {
    expect(await errorOf(bundler.url, 'worldland_getBundlerStatus', 'all')).toMatchObject({ code: -32602 })
  })
})

describe("the paymaster's console", () => {
  it('sees it by the address that it was given, without what the address keeps secret, and is told where there is none', async () => {
    const { port } = new URL(bundler.url)
    const ask = createAskBundler(`http://127.0.0.1:${port}/rpc`, systemClock)
    expect(await ask()).toMatchObject({
      state: 'connected',
      url: `http://127.0.0.1:${port}`,
      status: { healthy: true, entryPoint: entryPoint07Address },
    })
    expect(await createAskBundler(undefined, systemClock)()).toMatchObject({ state: 'notConnected' })
  })

  it('is told of one that does not answer, and of one that is none of ours', async () => {
    expect(await createAskBundler('http://127.0.0.1:9', systemClock)()).toMatchObject({
      state: 'unreachable',
      problem: 'it does not answer: is it running?',
    })
    expect(await createAskBundler(chain.rpcUrl, systemClock)()).toMatchObject({
      state: 'unreachable',
      problem: expect.stringContaining('it refuses'),
    })
  })
})
