// A provider's daemon that is killed (kill -9) again and again, on a chain that reorganises and behind a node that goes away.
// Judged by the chain, the process table and what clients were answered; PROVIDER_KILLS says how often it is killed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { findOffers } from '@worldland-aa/sdk/actions/market/findOffers'
import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
import { openPaidSession } from '@worldland-aa/sdk/serving/node/openPaidSession'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findHostTools } from '../../provider/src/machines/process/hostTools.ts'
import { createProcessDriver } from '../../provider/src/machines/process/processDriver.ts'
import { readProcesses } from '../../provider/src/machines/process/processTable.ts'
import { createDeploymentClient, type DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { type BrittleLink, startBrittleLink } from '../support/brittleLink.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { readBooks, redeemedWei } from '../support/providerChaos/books.ts'
import { readJournal } from '../support/providerChaos/journal.ts'
import { createMachineWatch, type MachineWatch } from '../support/providerChaos/machineWatch.ts'
import { createPayingClient, type PayingClient } from '../support/providerChaos/payingClient.ts'
import { createRenter, type Renter } from '../support/providerChaos/renter.ts'
import {
  createProviderDaemon,
  type ProviderDaemon,
  testMarket,
  testOffer,
} from '../support/providerDaemon.ts'
import { seededRandom } from '../support/random.ts'
import { workFolder } from '../support/workFolder.ts'

// biome-ignore lint/style/noProcessEnv: how long a run may take is up to the person who runs it
const kills = Number(process.env.PROVIDER_KILLS ?? 8)
const random = seededRandom()
const folder = workFolder()
const journalFile = join(folder, 'journal')
const machinesFolder = join(folder, 'provider/data/machines')
const counting = [
  '/bin/sh',
  '-c',
  'echo "$RENTAL" > rental; n=0; while :; do n=$((n+1)); echo $n >> ticks; sleep 0.3; done',
]
const budgetWei = parseEther('3')
const deepestReorg = 6
const finalBlocks = 8
const mostStartMilliseconds = 8_000
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

let chain: TestChain
let link: BrittleLink
let provider: ProviderDaemon
let daemon: Daemon | undefined
let isLinked = true
let renters: readonly Renter[]
let clients: readonly PayingClient[]
let watch: MachineWatch
const struck = { kills: 0, reorgs: 0, reorganisedBlocks: 0, outages: 0 }

beforeAll(async () => {
  chain = await startTestChain()
  link = await startBrittleLink(chain.rpcUrl)
  const { contracts } = chain.deployment
  writeFileSync(journalFile, '')
  const port = await freePort()
  provider = createProviderDaemon({
    folder: join(folder, 'provider'),
    devnet: { rpcUrl: link.url, contracts },
    market: {
      ...testMarket,
      offers: [testOffer, { ...testOffer, name: 'serverless', kind: 'serverless', region: 'KR-Serverless' }],
      endpoints: [
        {
          ...{ id: 'work', offer: 'serverless', concurrency: 8, maximumWorkers: 2, idleSeconds: 600 },
          command: [
            process.execPath,
            join(import.meta.dirname, '../support/providerChaos/journallingWorker.mjs'),
          ],
          environment: { JOURNAL: journalFile },
        },
      ],
    },
    flags: { port, 'worker-port': await freePort(), 'finality-blocks': finalBlocks },
  })
  await chain.anvil.setBalance({ address: privateKeyToAddress(provider.privateKey), value: parseEther('50') })
  await chain.mineEvery(1)
  daemon = await provider.start()
  const [leased, serverless] = await Promise.all([
    offerIn(testOffer.region, 'instance'),
    offerIn('KR-Serverless', 'serverless'),
  ])
  renters = await Promise.all(
    [1, 2, 3].map(async () =>
      createRenter({ client: await person(), contracts, offer: leased, command: counting, random }),
    ),
  )
  clients = await Promise.all(
    [1, 2].map(async () => {
      const signer = privateKeyToAccount(generatePrivateKey())
      const wallet = await person(signer)
      const { offerId, pricePerSecondWei } = serverless
      const sessionId = await openPaidSession(wallet, { contracts, offerId, budgetWei, hours: 10 })
      const session = { sessionId, pricePerSecondWei, budgetWei }
      const endpointUrl = `http://127.0.0.1:${port}/v2/work`
      return createPayingClient({ contracts, chainId: wallet.chain.id, signer, session, endpointUrl, random })
    }),
  )
  // What is not rented again when it is gone stands deeper than any reorg of the test.
  await chain.whilePaused(() => chain.anvil.mine({ blocks: deepestReorg + 2 }))
  watch = createMachineWatch({
    ...{ client: chain.client, contracts, machinesFolder },
    rentalOf: leaseId => renters.find(renter => renter.present()?.leaseId === leaseId)?.present()?.rental,
    isCalm: () => daemon !== undefined && isLinked,
  })
})
afterAll(async () => {
  for (const client of clients ?? []) client.stop()
  await daemon?.stop()
  await link?.stop()
  await chain?.stop()
  const tools = findHostTools()
  if (!tools.ok) throw new Error(tools.refusal.message)
  const driver = createProcessDriver({ machinesFolder, tools: tools.value, onTrouble: () => undefined })
  for (const { key } of await driver.list()) await driver.wipe(key)
  await driver.close()
})

async function person(account = privateKeyToAccount(generatePrivateKey())): Promise<DeploymentClient> {
  const client = await createDeploymentClient({ rpcUrl: chain.rpcUrl, account, pollMilliseconds: 50 })
  await chain.anvil.setBalance({ address: account.address, value: parseEther('100') })
  const [wrap] = wrapCoin.calls({ contracts: chain.deployment.contracts, amountWei: parseEther('50') })
  if (wrap === undefined) throw new Error('Nothing wraps coin')
  await client.waitForTransactionReceipt({ hash: await client.sendTransaction(wrap) })
  return client
}

async function offerIn(region: string, kind: 'instance' | 'serverless') {
  const { contracts } = chain.deployment
  const [offer] = await eventually(
    `an offer in ${region}`,
    () => findOffers(chain.client, { contracts, region, kind }),
    offers => offers.length > 0,
  )
  if (offer === undefined) throw new Error(`There is no offer in ${region}`)
  return offer
}

/** The real chain's blocks take ten seconds: it does not go on by a dozen while a daemon starts, on however busy a machine. */
async function start(): Promise<void> {
  const starting = provider.start()
  const isSlow = await Promise.race([
    starting.then(() => false),
    pause(mostStartMilliseconds).then(() => true),
  ])
  daemon = isSlow ? await chain.whilePaused(() => starting) : await starting
}

async function kill(): Promise<void> {
  const killed = daemon
  daemon = undefined
  await killed?.kill()
  struck.kills++
  watch.disturbed()
  if (random.between(1, 4) === 1) await pause(random.between(200, 3_000))
  await start()
  watch.disturbed()
}

async function reorganise(): Promise<void> {
  const depth = random.between(1, deepestReorg)
  await chain.whilePaused(async () => {
    await watch.look()
    await chain.reorg(depth)
    watch.reorganised(depth)
    await watch.look()
  })
  watch.disturbed()
  struck.reorgs++
  struck.reorganisedBlocks += depth
}

async function cut(): Promise<void> {
  isLinked = false
  await link.cut()
  await pause(random.between(200, 3_500))
  // Sometimes it is killed while its node is away; it finds it again when it starts.
  const isKilledMeanwhile = random.between(1, 3) === 1 && struck.kills < kills
  const killed = daemon
  if (isKilledMeanwhile) {
    daemon = undefined
    await killed?.kill()
    struck.kills++
  }
  await link.mend()
  if (isKilledMeanwhile) await start()
  isLinked = true
  watch.disturbed()
  struck.outages++
}

/** A provider that is away for all of a ping's time is rightly slashed: whoever tests that it never fails lets it live. */
async function untilNoPingIsLate(): Promise<void> {
  const { instanceLease } = chain.deployment.contracts
  const inLease = { address: instanceLease, abi: instanceLeaseAbi } as const
  await eventually(
    'answers of pings that have waited long',
    async () => {
      const present = renters.flatMap(renter => renter.present() ?? [])
      const structs = await Promise.all(
        present.map(({ leaseId }) =>
          chain.client
            .readContract({ ...inLease, functionName: 'leaseOf', args: [leaseId] })
            .catch(() => undefined),
        ),
      )
      const head = await chain.client.getBlockNumber({ cacheTime: 0 })
      return structs.some(
        lease =>
          lease !== undefined &&
          lease.pongDeadlineBlock !== 0n &&
          lease.pongDeadlineBlock < head + 18n &&
          lease.state === 3,
      )
    },
    isLate => !isLate,
  )
}

async function storm(): Promise<void> {
  const began = Date.now()
  while (struck.kills < kills) {
    await pause(random.between(200, 8_000))
    await untilNoPingIsLate()
    const blow = random.between(1, 100)
    if (blow <= 60) await kill()
    else if (blow <= 82) await reorganise()
    else await cut()
    if (struck.kills % 10 === 9)
      print({
        ...struck,
        seconds: Math.round((Date.now() - began) / 1_000),
        jobs: clients.map(({ acknowledged }) => acknowledged.size),
      })
  }
}

it(
  `stops nothing that is paid, leaves nothing that is not, and loses neither voucher nor job, killed ${kills} times`,
  async () => {
    let isOver = false
    let isWatched = true
    const watching = (async () => {
      for (; isWatched; await pause(250)) await watch.look()
    })()
    const business = [
      ...renters.map(renter => renter.rentOn(() => isOver)),
      ...clients.map(client => client.askOn(() => isOver)),
    ]
    const market = { client: chain.client, contracts: chain.deployment.contracts }
    try {
      await Promise.race([storm(), Promise.all(business), watching])
      isOver = true
      await Promise.all(business)
      for (const client of clients) await client.hearAll()
      await eventually(
        'no machine of a lease being left',
        async () => leaseMachines(),
        left => left.length === 0,
      )
      expect((await provider.ask('drain')).code).toBe(0)
      for (const { sessionId, vouchers } of clients)
        await eventually(
          `all that session ${sessionId} was answered for being redeemed`,
          () => redeemedWei(market, sessionId),
          wei => wei >= vouchers.acceptedWei,
        )
    } finally {
      isOver = true
      isWatched = false
      await watching
    }
    await chain.mineEvery(0)

    expect(watch.faults).toEqual([])
    expect(watch.seen.runningWhilePaid).toBeGreaterThan(0)
    expect(leaseProcesses()).toEqual([])

    const journal = readJournal(readFileSync(journalFile, 'utf8'))
    expect(journal.doneAgain).toEqual([])
    let keptWei = 0n
    for (const { sessionId, faults, answers, acknowledged, vouchers } of clients) {
      expect(faults).toEqual([])
      expect(answers.size).toBe(acknowledged.size)
      for (const [id, told] of answers) expect(told).toContain(journal.results.get(id) ?? '"execution"')
      const paidWei = await redeemedWei(market, sessionId)
      // One that was taken, and whose answer a kill swallowed, may be redeemed as well: it was signed.
      expect(paidWei <= vouchers.signedWei).toBe(true)
      keptWei += budgetWei - paidWei
    }
    const books = await readBooks(market, privateKeyToAddress(provider.privateKey))
    expect(books.leases).toMatchObject({ faulted: 0, expired: 0, ponged: books.leases.pinged })
    expect(books.slashes).toBe(0)
    expect(books.stoppedEarly).toEqual([])
    expect(books.gainedWei).toBe(books.earnedWei)
    expect(books.heldByLeasesWei).toBe(0n)
    expect(books.heldBySessionsWei).toBe(keptWei)

    const { samples, runningWhilePaid, rentals } = watch.seen
    print({
      ...{ ...struck, samples, runningWhilePaid, rentals: rentals.size, longest: watch.longest },
      renters: renters.map(({ done }) => done),
      leases: books.leases,
      clients: clients.map(({ acknowledged, vouchers, turnedAway }) => ({
        jobs: acknowledged.size,
        ...vouchers,
        turnedAway: Object.fromEntries(turnedAway),
      })),
      ...{ executions: journal.executions, results: journal.results.size, earnedWei: books.earnedWei },
    })
  },
  300_000 + kills * 60_000,
)

function leaseMachines(): readonly string[] {
  return existsSync(machinesFolder)
    ? readdirSync(machinesFolder).filter(name => name.startsWith('lease-'))
    : []
}

/** All that run in a machine of a lease, by the mark that their environment bears. */
function leaseProcesses(): readonly number[] {
  return readProcesses().flatMap(({ pid }) =>
    environmentOf(pid).includes(`${machinesFolder}/lease-`) ? [pid] : [],
  )
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

function print(figures: object): void {
  const shown = JSON.stringify(figures, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  process.stderr.write(`${shown}\n`)
}
