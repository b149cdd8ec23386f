// Many bundlers, each a process of its own, in one network in which everything goes wrong at once: two are killed, one is
// greedy, one sees the chain late, and blocks vanish. `BUNDLERS=10 npx vitest run test/chaos/manyBundlers.test.ts` for ten.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { setLeaderTip } from '../../scripts/deploy/leaderTip.ts'
import { type BundlerNetwork, type NetworkBundler, prepareBundlers } from '../support/bundlerNetwork.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { type Crowd, type CrowdOperation, gatherCrowd } from '../support/crowd.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { countLandings } from '../support/landings.ts'
import {
  type BundlerFigures,
  describeFigures,
  landingTimes,
  readFigures,
  wastedThrough,
} from '../support/networkFigures.ts'
import {
  type Acknowledged,
  isKnownTo,
  offer,
  sendToAnyOf,
  sponsoredOperation,
} from '../support/networkUsers.ts'
import { lateNode, type NodeProxy, startNodeProxy } from '../support/nodeProxy.ts'
import { startPaymaster } from '../support/paymaster.ts'
import { workFolder } from '../support/workFolder.ts'

// Longer than it takes on a quiet machine: the machine may not be quiet.
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 600_000 })

// biome-ignore lint/style/noProcessEnv: how many the machine bears is for whoever runs it to say
const { BUNDLERS = '5', BLOCK_SECONDS = '1' } = process.env
/** Two to be killed, a greedy one, a late one, and one that nothing happens to. */
const count = Math.max(5, Number(BUNDLERS))
const blockSeconds = Number(BLOCK_SECONDS)
const operationCount = 24 * count
const lateBlocks = 2
/** One for each executor at each of the four blows, after which two may have the same in flight. */
const mostWasted = 2 * 4
const tipWei = 30_000_000_000_000n

const root = workFolder()
let chain: TestChain
let crowd: Crowd
let network: BundlerNetwork
let paymaster: Daemon | undefined
let late: NodeProxy | undefined

beforeEach(async () => {
  chain = await startTestChain()
  crowd = await gatherCrowd(chain, 24)
  network = await prepareBundlers({ chain, count, folder: root })
  for (const bundler of network.bundlers) await network.register(bundler)
  const set = await setLeaderTip({
    client: chain.faucet,
    paymaster: chain.deployment.contracts.paymaster,
    registry: network.registry.address,
    tipWei,
  })
  if (!set.ok) throw new Error(set.refusal.message)
  paymaster = await startPaymaster({ chain, rpcUrl: chain.rpcUrl, folder: root })
  late = await startNodeProxy(chain.rpcUrl, lateNode(lateBlocks))
})
afterEach(async () => {
  await network?.killAll()
  await paymaster?.kill()
  await late?.stop()
  await chain?.stop()
})

const pause = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))
const head = (): Promise<bigint> => chain.client.getBlockNumber({ cacheTime: 0 })

let lanes = 1n << 32n
async function sponsored(): Promise<CrowdOperation> {
  const lane = lanes++
  const account = crowd.accounts[Number(lane) % crowd.accounts.length]
  if (account === undefined || paymaster === undefined) throw new Error('nobody sponsors')
  return await sponsoredOperation({
    chain,
    account,
    lane,
    policyId: 'approvals',
    paymasterUrl: paymaster.url,
  })
}

/**
 * Whoever of these leads, early enough in its window to do something in it, and with one that stays in one of the next two:
 * what it promises others can keep then. Nobody can keep it where all who lead until its block are dead.
 */
async function untilOneLeads(candidates: readonly NetworkBundler[], staying: readonly NetworkBundler[]) {
  const ledBy = async (some: readonly NetworkBundler[], block: bigint, rank: number) => {
    const leader = await network.registry.leaderAt(block, rank)
    return some.find(({ bundlerId }) => bundlerId === leader)
  }
  return await eventually(
    'one of them leading',
    async () => {
      const next = (await head()) + 1n
      if (next % 4n > 1n) return undefined
      const leader = await ledBy(candidates, next, 0)
      const others = staying.filter(bundler => bundler !== leader)
      const follows = (await ledBy(others, next, 1)) ?? (await ledBy(others, next, 2))
      return follows && leader
    },
    (found): found is NetworkBundler => found !== undefined,
    300,
  )
}

it('lands what anyone acknowledged exactly once, keeps its promises and wastes hardly anything, whoever dies, cheats or lags', async () => {
  const [greedy, lagging, ...steady] = network.bundlers as [
    NetworkBundler,
    NetworkBundler,
    ...NetworkBundler[],
  ]
  const honest = [lagging, ...steady]
  await Promise.all([
    network.start(greedy, { isAlone: true }),
    network.start(lagging, { rpcUrl: (late as NodeProxy).url }),
    ...steady.map(bundler => network.start(bundler)),
  ])
  await network.untilLed(honest, blockSeconds)
  await network.untilConnected(honest, honest.length - 1)
  const firstBlock = await head()

  const killed = new Map<'for good' | 'for a while', NetworkBundler>()
  const notDoomed = () => network.bundlers.filter(bundler => bundler !== killed.get('for good'))
  const absences: { bundler: NetworkBundler; from: bigint; to?: bigint }[] = []
  const acknowledged: Acknowledged[] = []
  const selfPaid = await crowd.sign(operationCount)
  async function use(): Promise<void> {
    for (let index = 0; index < operationCount; index++) {
      const isSponsored = index % 2 === 0
      const operation = isSponsored ? await sponsored() : selfPaid[index]
      if (operation === undefined) throw new Error('the crowd signs nothing')
      // What goes through the network is no secret: the greedy one has it as well.
      if (isSponsored) void offer(operation, greedy)
      acknowledged.push(await sendToAnyOf(chain.client, operation, notDoomed))
      await pause(500 * blockSeconds)
    }
  }
  const untilSent = (share: number) =>
    eventually(
      `${share} of the operations being sent`,
      async () => acknowledged.length,
      sent => sent >= share * operationCount,
      600,
    )

  const given: Acknowledged[] = []
  async function giveTo(bundler: NetworkBundler, operations: number): Promise<void> {
    for (const operation of await crowd.sign(operations))
      given.push(await sendToAnyOf(chain.client, operation, () => [bundler]))
  }

  async function killForGood(): Promise<void> {
    const victim = await untilOneLeads(steady, honest)
    killed.set('for good', victim)
    await giveTo(victim, 4)
    // What is acknowledged and not told yet is on its disk alone, and gone with it.
    const others = honest.filter(bundler => bundler !== victim)
    for (const { operation } of given)
      await eventually(
        'what it was given being told to another',
        () => Promise.all(others.map(other => isKnownTo(other, operation.hash))),
        isKnown => isKnown.includes(true),
      )
    await network.kill(victim)
    absences.push({ bundler: victim, from: await head() })
  }

  async function killForAWhile(): Promise<NetworkBundler> {
    const living = network.running()
    const isLiving = (bundler: NetworkBundler) => living.includes(bundler)
    const victim = await untilOneLeads(steady.filter(isLiving), honest.filter(isLiving))
    killed.set('for a while', victim)
    await giveTo(victim, 4)
    await network.kill(victim)
    absences.push({ bundler: victim, from: await head() })
    return victim
  }

  async function harm(): Promise<void> {
    await untilSent(0.15)
    await killForGood()
    await untilSent(0.35)
    const victim = await killForAWhile()
    await untilSent(0.5)
    await chain.mineEvery(0)
    await chain.reorg(2)
    await chain.mineEvery(blockSeconds)
    await untilSent(0.7)
    await network.start(victim)
    const absence = absences.at(-1)
    if (absence !== undefined) absence.to = await head()
  }

  await Promise.all([use(), harm()])
  const all = [...acknowledged, ...given]
  const hashes = all.map(({ operation }) => operation.hash)
  await eventually(
    `${hashes.length} operations landing`,
    () => countLandings(chain.client, hashes),
    counts => (counts[0] ?? 0) === 0,
    300,
  )
  for (const bundler of network.running())
    await eventually(
      `the mempool of bundler ${bundler.bundlerId} being empty`,
      () => network.metricOf(bundler, 'bundler_mempool_operations'),
      waiting => waiting === 0,
      180,
    )
  const lastBlock = (await head()) + 12n
  await eventually('twelve blocks more', head, block => block >= lastBlock, 180)
  await chain.mineEvery(0)

  expect(await countLandings(chain.client, hashes)).toEqual({ 1: hashes.length })
  const figures = await readFigures({
    client: chain.client,
    registry: network.registry.address,
    paymasters: [chain.deployment.contracts.paymaster],
    bundlers: network.bundlers,
    fromBlock: firstBlock,
  })
  const [ofGreedy, ...ofHonest] = figures as [BundlerFigures, ...BundlerFigures[]]
  const wasted = ofHonest.reduce((sum, { spending }) => sum + spending.wasted, 0)
  const wastedThroughGreed = wastedThrough(ofHonest, [ofGreedy]).length
  const { p50, p95, most } = await landingTimes(chain.client, all)
  const roles = new Map([
    [greedy, 'greedy'],
    [lagging, 'late'],
    [killed.get('for good'), 'killed'],
    [killed.get('for a while'), 'killed, back'],
  ])
  process.stdout.write(
    `${count} bundlers, ${hashes.length} operations in ${lastBlock - firstBlock} blocks of ${blockSeconds} s; ` +
      `blocks to landing: p50 ${p50}, p95 ${p95}, most ${most}; honest bundles wasted through greed ` +
      `${wastedThroughGreed}, otherwise ${wasted - wastedThroughGreed}\n` +
      describeFigures(figures, bundler => roles.get(bundler) ?? 'steady'),
  )

  /** Somebody leads it who is there and sees the chain in time. */
  async function isServed(block: bigint): Promise<boolean> {
    const leader = await network.registry.leaderAt(block, 0)
    const isAway = absences.some(
      ({ bundler, from, to = lastBlock }) => bundler.bundlerId === leader && block >= from && block <= to,
    )
    return steady.some(({ bundlerId }) => bundlerId === leader) && !isAway
  }
  /** How many tell the late one that it is late; who comes back has to be met first. */
  function tellingAt(block: bigint): number {
    const isAway = (bundler: NetworkBundler) =>
      absences.some(
        ({ bundler: one, from, to = lastBlock }) =>
          one === bundler && block >= from - 2n && block <= to + 20n,
      )
    return steady.filter(bundler => !isAway(bundler)).length
  }
  for (const { signedAtBlock } of ofHonest[0]?.promised ?? [])
    expect({ signedAtBlock, telling: tellingAt(signedAtBlock + BigInt(lateBlocks)) }).toEqual({
      signedAtBlock,
      telling: expect.toSatisfy(telling => telling < 2),
    })
  for (const { bundler, broken, struckAt } of ofHonest) {
    expect({ bundlerId: bundler.bundlerId, struckAt }).toEqual({ bundlerId: bundler.bundlerId, struckAt: [] })
    for (const { operation, signedAtBlock, latestBlock } of broken) {
      // A block to hear of it and one to land it; more where its bundler takes an older block for the newest.
      const first = signedAtBlock + (bundler === lagging ? BigInt(lateBlocks) : 0n) + 3n
      for (let block = first; block < latestBlock; block++)
        expect({ operation, block, served: await isServed(block) }).toEqual({
          operation,
          block,
          served: false,
        })
    }
  }
  expect(ofGreedy.struckAt.length).toBeGreaterThan(0)
  for (const block of ofGreedy.tippedAt)
    expect(await network.registry.isInTurn(greedy.bundlerId, block)).toBe(true)
  // Of honest ones no two carry the same operation, so one bundle of greed spoils no more than one of theirs.
  expect(wastedThroughGreed).toBeLessThanOrEqual(ofGreedy.spending.bundles)
  expect(wasted - wastedThroughGreed).toBeLessThanOrEqual(mostWasted)
})
