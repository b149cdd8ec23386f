// A bundler before the court when things are against it: a base fee that leaps above what was promised for, and a kill -9
// while it answers. Neither costs it stake.
import * as promiseCourt from '@worldland-aa/sdk/abi/promiseCourt'
import { challengePromise } from '@worldland-aa/sdk/actions/promise/challengePromise'
import type { SignedPromise } from '@worldland-aa/sdk/actions/promise/signedPromise'
import { verifyPromise } from '@worldland-aa/sdk/actions/promise/verifyPromise'
import { type Address, parseGwei } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { countLandings } from '../support/landings.ts'
import { baseFeeAtAPriceOnly, type NodeProxy, startNodeProxy } from '../support/nodeProxy.ts'
import { promiseStage } from '../support/promiseStage.ts'

const stage = promiseStage()
let node: NodeProxy | undefined
afterEach(async () => {
  await node?.stop()
  node = undefined
})
const { start, signed, send, stateOf, dropPending, mineTo } = stage

/** Something of this account's waits for a block. */
async function waitsFor(address: Address): Promise<boolean> {
  const { client } = stage.chain
  const [mined, pending] = await Promise.all([
    client.getTransactionCount({ address, blockTag: 'latest' }),
    client.getTransactionCount({ address, blockTag: 'pending' }),
  ])
  return pending > mined
}

const untilItWaits = (whose: string, address: Address) =>
  eventually(
    `${whose} transaction`,
    () => waitsFor(address),
    waits => waits,
  )
const operator = () => privateKeyToAddress(stage.registered.operatorKey)

async function metric(url: string, line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = text.split('\n').find(one => one.startsWith(`${line} `))
  return Number(found?.slice(line.length + 1) ?? 0)
}

async function expectWholeStake(promise: SignedPromise): Promise<void> {
  const { client, deployment } = stage.chain
  const worth = await verifyPromise(client, { contracts: deployment.contracts, promise })
  expect(worth).toMatchObject({ ok: true, stakeWei: 100n * 10n ** 18n })
}

/** In a block of its own, the only one that is mined. */
async function challenge(promise: SignedPromise): Promise<void> {
  const { faucet, anvil, deployment } = stage.chain
  const { contracts } = deployment
  const challenged = challengePromise(faucet as never, { contracts, promise })
  await untilItWaits("the challenger's", faucet.account.address)
  await anvil.mine({ blocks: 1 })
  await challenged
}

describe('a base fee that leaps above what was promised for', () => {
  it('is noted at the court in time, and the promise binds nobody from then on', async () => {
    const { anvil, client, faucet, deployment } = stage.chain
    node = await startNodeProxy(stage.chain.rpcUrl, baseFeeAtAPriceOnly)
    const { url } = await start({ 'rpc-url': node.url })
    const operation = await signed()
    const promise = await send(url, operation)
    const leaptWei = promise.maxBaseFeePerGas * 2n
    const mineDear = async () => {
      await anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: leaptWei })
      await anvil.mine({ blocks: 1 })
    }
    while ((await client.getBlockNumber({ cacheTime: 0 })) < promise.latestBlock - 3n) await mineDear()
    await untilItWaits("the operator's", operator())
    await mineDear()
    const notes = await client.getLogs({
      address: promise.court,
      event: promiseCourt.BaseFeeNoted,
      fromBlock: 0n,
    })
    expect(notes.length).toBe(1)
    while ((await client.getBlockNumber({ cacheTime: 0 })) <= promise.latestBlock) await mineDear()
    expect(await countLandings(client, [operation.hash])).toEqual({ 0: 1 })
    await eventually(
      'the promise',
      () => stateOf(url, operation),
      state => state === 'void',
    )
    expect(await metric(url, 'bundler_promises_broken_total{whose="own"}')).toBe(0)
    await anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('1') })
    await anvil.setAutomine(true)
    await expect(
      challengePromise(faucet as never, { contracts: deployment.contracts, promise }),
    ).rejects.toThrow()
    await stage.chain.mineEvery(1)
    // It lands all the same, as soon as it can.
    await eventually(
      'the operation landing',
      () => countLandings(client, [operation.hash]),
      counts => counts[1] === 1,
    )
    await expectWholeStake(promise)
  })
})

describe('a kill -9 while a challenge is being answered', () => {
  it.each([
    { fate: 'is lost with it', drop: true },
    { fate: 'waits for its block meanwhile', drop: false },
  ])('costs nothing where the answer $fate: the next start sees to it', async ({ drop }) => {
    const { chain } = stage
    const first = await start()
    const operation = await signed()
    const promise = await send(first.url, operation)
    await dropPending()
    // Whatever it is asked, the account says no now.
    await chain.anvil.setCode({ address: promise.sender, bytecode: '0xfe' })
    await mineTo(promise.latestBlock)
    await challenge(promise)
    await untilItWaits("the operator's", operator())
    await first.kill()
    if (drop) await dropPending()
    const { url } = await start()
    await chain.mineEvery(1)
    await eventually(
      "the court's word",
      () => metric(url, 'bundler_promises_challenges_total{outcome="excused"}'),
      count => count === 1,
    )
    await eventually(
      'the promise',
      () => stateOf(url, operation),
      state => state === 'void',
    )
    await expectWholeStake(promise)
  })
})
