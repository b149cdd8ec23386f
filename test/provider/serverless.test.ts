// Serverless on a whole devnet: the provider's daemon with an endpoint, a session that a renter opened on the chain, and
// RunPod's own client, which pays by vouchers and knows nothing of it.
import { join } from 'node:path'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { createComputeReadClient } from '@worldland-aa/sdk/clients/createComputeReadClient'
import { type LocalProxy, startLocalProxy } from '@worldland-aa/sdk/serving/node/localProxy'
import { openPaidSession } from '@worldland-aa/sdk/serving/node/openPaidSession'
import { createPayingFetch, type PayingFetch } from '@worldland-aa/sdk/serving/payingFetch'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import runpodSdk from 'runpod-sdk'
import { createWalletClient, http, parseEther, publicActions } from 'viem'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import type { Daemon } from '../support/daemon.ts'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { giveCoins, giveTokens } from '../support/money.ts'
import {
  createProviderDaemon,
  type ProviderDaemon,
  testMarket,
  testOffer,
} from '../support/providerDaemon.ts'
import { workFolder } from '../support/workFolder.ts'

const stage = devnetStage({ serving: false })
const folder = workFolder()
const apiKey = 'a key of this machine alone'
const worker = join(workspaceRoot, 'provider/src/gateway/testing/worker.mjs')
const region = 'KR-Serverless'
const pricePerSecondWei = parseEther('0.36') / 3_600n
let provider: ProviderDaemon
let daemon: Daemon
let proxy: LocalProxy
let payingFetch: PayingFetch
let sessionId: bigint

beforeAll(async () => {
  const { rpcUrl, contracts } = stage.devnet
  provider = createProviderDaemon({
    folder: join(folder, 'provider'),
    devnet: stage.devnet,
    market: {
      ...testMarket,
      offers: [{ ...testOffer, name: 'serverless', kind: 'serverless', region }],
      endpoints: [
        {
          id: 'work',
          offer: 'serverless',
          command: [process.execPath, worker],
          environment: { JOBS_AT_ONCE: '8' },
          concurrency: 8,
          maximumWorkers: 2,
        },
      ],
    },
    flags: { 'worker-port': await freePort(), port: await freePort() },
  })
  await giveCoins(stage, privateKeyToAddress(provider.privateKey), parseEther('10'))
  daemon = await provider.start()
  const reader = createComputeReadClient({ transport: http(rpcUrl), contracts, pollingInterval: 100 })
  const offer = await eventually(
    'the offer on the chain',
    async () => (await reader.findOffers({ region, kind: 'serverless' }))[0],
    found => found !== undefined,
  )
  const account = privateKeyToAccount(generatePrivateKey())
  await giveCoins(stage, account.address, parseEther('5'))
  await giveTokens(stage, account.address, parseEther('5'))
  const wallet = createWalletClient({
    ...{ account, chain: worldland, transport: http(rpcUrl), pollingInterval: 100 },
  }).extend(publicActions)
  const budgetWei = 10_000n * pricePerSecondWei
  sessionId = await openPaidSession(wallet, {
    contracts,
    offerId: offer?.offerId as bigint,
    budgetWei,
    hours: 2,
  })
  payingFetch = createPayingFetch({
    ...{ contracts, chainId: worldland.id, signer: account },
    sessions: [{ sessionId, pricePerSecondWei, budgetWei }],
  } as Parameters<typeof createPayingFetch>[0])
  proxy = await startLocalProxy({ providerUrl: daemon.url, apiKey, fetch: payingFetch, port: 0 })
})
afterAll(async () => {
  payingFetch?.stop()
  await proxy?.stop()
  await daemon?.stop()
})

function client() {
  const own = runpodSdk(apiKey, { baseUrl: `${proxy.url}/v2` }).endpoint('work')
  if (own === null) throw new Error('the SDK knows no endpoint')
  return own
}

describe('an endpoint of a provider', () => {
  it('serves nobody who does not pay, and says what payment it takes', async () => {
    const response = await fetch(`${daemon.url}/v2/work/run`, { method: 'POST', body: '{"input":{}}' })
    expect(response.status).toBe(402)
    expect(response.headers.get('payment-required')).toBeTruthy()
  })

  it("starts a worker for RunPod's client, and books what its jobs used", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => client().runSync({ input: { at, milliseconds: 50 } })),
    )
    expect(answers.map(({ output }) => output.echo.at)).toEqual(Array.from({ length: 20 }, (_, at) => at))
    const used = answers.reduce((sum, { executionTime }) => sum + executionTime, 0)
    expect(BigInt((await lane()).owedWei)).toBe((BigInt(used) * pricePerSecondWei + 999n) / 1_000n)
  })

  it('goes on after its daemon was killed: jobs that run are awaited, those that wait are given out', async () => {
    const long = await client().run({ input: { milliseconds: 4_000 } }, 30_000)
    const short = await Promise.all(
      Array.from({ length: 30 }, (_, at) => client().run({ input: { at, milliseconds: 500 } }, 30_000)),
    )
    await daemon.kill()
    daemon = await provider.start()
    // A result that was told while nobody listened is missed after a minute's silence, and worked for again.
    for (const { id } of [long, ...short]) {
      await expect
        .poll(async () => (await client().status(id, 30_000)).status, { timeout: 150_000 })
        .toBe('COMPLETED')
    }
  }, 240_000)
})

/** What the provider says of the session's account. */
async function lane(): Promise<{ readonly owedWei: string }> {
  const response = await payingFetch(`${daemon.url}/payments/work/vouchers`, { method: 'POST' })
  return (await response.json()) as { owedWei: string }
}
