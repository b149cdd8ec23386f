// Three bundler processes of three operators on one chain: they take turns, tell each other what they are sent, and stand
// in for one that died.

import type { Hash } from 'viem'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BundlerNetwork, type NetworkBundler, prepareBundlers } from '../support/bundlerNetwork.ts'
import { readBundleTransactions, type Spending, spendingOf } from '../support/bundleSpending.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { type Crowd, gatherCrowd } from '../support/crowd.ts'
import { eventually } from '../support/eventually.ts'
import { countLandings } from '../support/landings.ts'
import { workFolder } from '../support/workFolder.ts'

// Longer than any of these takes on a quiet machine: the machine may not be quiet.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })

const root = workFolder()
let chain: TestChain
let crowd: Crowd
let network: BundlerNetwork

beforeEach(async () => {
  chain = await startTestChain()
  crowd = await gatherCrowd(chain, 18)
  network = await prepareBundlers({ chain, count: 3, folder: root })
})
afterEach(async () => {
  await network?.killAll()
  await chain.stop()
})

async function untilAtWork(): Promise<void> {
  await network.untilLed(network.bundlers, 2)
  await network.untilConnected(network.bundlers, 2)
}

async function expectAllLandOnce(hashes: readonly Hash[]): Promise<void> {
  await eventually(
    `${hashes.length} operations landing`,
    () => countLandings(chain.client, hashes),
    counts => (counts[0] ?? 0) === 0,
    180,
  )
  await chain.anvil.mine({ blocks: 9 })
  expect(await countLandings(chain.client, hashes)).toEqual({ 1: hashes.length })
}

/** Of all executors together; printed as well. */
async function spending(title: string): Promise<Spending> {
  const executors = network.bundlers.flatMap(bundler => bundler.executors)
  const spent = spendingOf(await readBundleTransactions(chain.client, executors))
  process.stdout.write(
    `${title}: ${JSON.stringify(spent, (_, one) => (typeof one === 'bigint' ? Number(one) : one))}\n`,
  )
  return spent
}

async function strikes(): Promise<readonly (number | undefined)[]> {
  const all = await Promise.all(network.running().map(bundler => network.statusOf(bundler)))
  return all.map(({ registry }) => registry.bundler?.strikes)
}

describe('three bundlers of one registry', () => {
  beforeEach(async () => {
    for (const bundler of network.bundlers) await network.register(bundler)
    await Promise.all(network.bundlers.map(bundler => network.start(bundler)))
  })

  it('land what each of them is sent exactly once, and hardly any gas goes for nothing', async () => {
    await untilAtWork()
    const hashes: Hash[] = []
    for (let round = 0; round < 6; round++) {
      hashes.push(...(await network.send(await crowd.sign(9), network.bundlers)))
      await new Promise(resolve => setTimeout(resolve, 3_000))
    }
    await expectAllLandOnce(hashes)
    const spent = await spending('three bundlers')
    // On a machine that is not busy: none.
    expect(spent.wastedGas * 100n).toBeLessThan(spent.gas * 2n)
    expect(await strikes()).toEqual([0, 0, 0])
  })

  it('go on when who leads is killed, with what it had been sent, and take it back when it returns', async () => {
    await untilAtWork()
    const led = await eventually(
      'a leader',
      () => network.statusOf(network.bundlers[0] as NetworkBundler),
      ({ registry: { leader } }) => leader !== null,
    )
    const leader = network.bundlers[(led.registry.leader ?? 1) - 1] as NetworkBundler
    const first = await network.send(await crowd.sign(6), [leader])
    await network.kill(leader)
    const others = network.running()
    const second = await network.send(await crowd.sign(6), others)
    await expectAllLandOnce(second)
    await network.start(leader)
    await expectAllLandOnce([...first, ...second])
    await spending('a killed leader')
    expect(await strikes()).toEqual([0, 0, 0])
  })
})

describe('bundlers of a registry in which nobody is staked', () => {
  it('bundle whenever they like, and say so', async () => {
    const [only] = network.bundlers as [NetworkBundler]
    await network.start(only)
    await chain.mineEvery(1)
    const hashes = await network.send(await crowd.sign(6), [only])
    await expectAllLandOnce(hashes)
    const { mode, problems } = await network.statusOf(only)
    expect(mode).toBe('open')
    expect(problems.join()).toContain('is not registered at')
  })
})
