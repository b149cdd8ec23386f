// Promises end to end: given by a bundler that has staked, checked by the SDK against the chain, kept, or paid for.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { challengePromise } from '@worldland-aa/sdk/actions/promise/challengePromise'
import { concludePromise } from '@worldland-aa/sdk/actions/promise/concludePromise'
import { describePromise } from '@worldland-aa/sdk/actions/promise/describePromise'
import type { RpcPromise } from '@worldland-aa/sdk/actions/promise/signedPromise'
import { verifyPromise } from '@worldland-aa/sdk/actions/promise/verifyPromise'
import { describe, expect, it } from 'vitest'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { eventually } from '../support/eventually.ts'
import { countLandings } from '../support/landings.ts'
import { promiseStage } from '../support/promiseStage.ts'
import { resultOf } from '../support/rpc.ts'

const stage = promiseStage()
const { start, signed, send, stateOf, dropPending, mineTo } = stage

describe('a promise of a bundler that has staked', () => {
  it('comes with the hash, holds before the chain, and is kept', async () => {
    const { url } = await start()
    const operation = await signed()
    const promise = await send(url, operation)
    const { contracts } = stage.chain.deployment
    const worth = await verifyPromise(stage.chain.client, { contracts, promise, hash: operation.hash })
    if (!worth.ok) throw new Error(worth.problem)
    expect(worth).toMatchObject({ isSettled: false })
    expect(worth.stakeWei).toBeGreaterThanOrEqual(worth.fineWei)
    expect(describePromise({ promise, worth })).toMatch(
      /^Bundler 1 stakes 1 WLC that the operation lands by block [\d,]+, in about/,
    )
    const other = { ...promise, latestBlock: promise.latestBlock + 1n }
    expect(await verifyPromise(stage.chain.client, { contracts, promise: other })).toMatchObject({
      ok: false,
    })

    await stage.chain.mineEvery(1)
    await eventually(
      'the promise',
      () => stateOf(url, operation),
      state => state === 'kept',
    )
    expect(await verifyPromise(stage.chain.client, { contracts, promise })).toMatchObject({
      ok: true,
      isSettled: true,
    })
    const { participation } = await resultOf<{ participation: { promises: object } }>(
      url,
      'worldland_getBundlerStatus',
    )
    expect(participation.promises).toMatchObject({ signed: 1, own: { kept: 1, broken: 0 } })
  })

  it('outlives kill -9: the same one is given again, and kept', async () => {
    const first = await start()
    const operation = await signed()
    const promise = await send(first.url, operation)
    await first.kill()
    const { url } = await start()
    const again = await resultOf<RpcPromise>(url, 'worldland_getInclusionPromise', operation.hash)
    expect(again.signature).toBe(promise.signature)
    await stage.chain.mineEvery(1)
    await eventually(
      'the promise',
      () => stateOf(url, operation),
      state => state === 'kept',
    )
    expect(await countLandings(stage.chain.client, [operation.hash])).toEqual({ 1: 1 })
  })
})

describe('a promise that its bundler breaks', () => {
  it('costs it the fine, half of it for whoever challenged', async () => {
    const { url, kill } = await start()
    const operation = await signed()
    const promise = await send(url, operation)
    await kill()
    await dropPending()
    const { contracts } = stage.chain.deployment
    await mineTo(promise.latestBlock)
    await stage.chain.anvil.setAutomine(true)
    const { answerBlock } = await challengePromise(stage.chain.faucet as never, { contracts, promise })
    await mineTo(answerBlock + 1n)
    const { fineWei } = await concludePromise(stage.chain.faucet as never, { promise })
    expect(fineWei).toBe(10n ** 18n)
    const worth = await verifyPromise(stage.chain.client, { contracts, promise })
    expect(worth).toMatchObject({ ok: true, stakeWei: 99n * 10n ** 18n })
  })
})

describe('a broken promise, by the command line', () => {
  it('is listed, taken to the court and concluded', async () => {
    const { url, kill } = await start()
    const operation = await signed()
    const promise = await send(url, operation)
    await kill()
    await dropPending()
    await mineTo(promise.latestBlock)
    await stage.chain.anvil.setAutomine(true)
    expect(await command('promises', '--own', 'true')).toContain(`${operation.hash}  by block`)
    const said = await command('challenge', operation.hash)
    const answerBlock = BigInt(/until block (\d+)/.exec(said)?.[1] ?? 0)
    expect(answerBlock).toBeGreaterThan(promise.latestBlock)
    await mineTo(answerBlock + 1n)
    expect(await command('challenge', operation.hash, '--conclude', 'true')).toContain('fined 1 coin')
  })
})

/** What `worldland-bundler` prints, over this test's data file; throws unless it ends well. */
async function command(...args: readonly string[]): Promise<string> {
  const flags = ['--data-file', join(stage.folder, 'bundler.sqlite')]
  const court = [
    '--rpc-url',
    stage.chain.rpcUrl,
    '--bundler-registry',
    String(stage.registered.flags['bundler-registry']),
  ]
  const all = [...args, ...flags, ...(args[0] === 'challenge' ? court : [])]
  const main = join(workspaceRoot, 'bundler/packed/main.js')
  // biome-ignore lint/style/noProcessEnv: a child process needs PATH and HOME
  const env = { ...process.env, WORLDLAND_BUNDLER_OPERATOR_KEY: stage.registered.operatorKey }
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...all], { env })
  return stdout
}

describe('a promise that its user makes impossible', () => {
  it('is shown to the court when it is challenged, and costs the bundler nothing', async () => {
    const { url } = await start()
    const operation = await signed()
    const promise = await send(url, operation)
    await dropPending()
    // Whatever it is asked, the account says no now.
    await stage.chain.anvil.setCode({ address: promise.sender, bytecode: '0xfe' })
    const { contracts } = stage.chain.deployment
    await mineTo(promise.latestBlock)
    await stage.chain.anvil.setAutomine(true)
    await challengePromise(stage.chain.faucet as never, { contracts, promise })
    await stage.chain.mineEvery(1)
    await eventually(
      'the promise',
      () => stateOf(url, operation),
      state => state === 'void',
    )
    await eventually(
      "the court's word",
      async () => await (await fetch(`${url}/metrics`)).text(),
      metrics => metrics.includes('bundler_promises_challenges_total{outcome="excused"} 1'),
    )
    const worth = await verifyPromise(stage.chain.client, { contracts, promise })
    expect(worth).toMatchObject({ ok: true, stakeWei: 100n * 10n ** 18n })
  })
})
