// The daemon's word: a voucher that it has answered for is on its disk, and becomes tokens by its own sender.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import { signVoucher } from '@worldland-aa/sdk/actions/session/signVoucher'
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import { waitForComputeEvent } from '@worldland-aa/sdk/events/waitForComputeEvent'
import { createPayingFetch } from '@worldland-aa/sdk/serving/payingFetch'
import { createVoucherScheme } from '@worldland-aa/sdk/serving/voucherScheme'
import {
  fromBase64Json,
  toBase64Json,
  toWireVoucher,
  voucherHeaders,
} from '@worldland-aa/sdk/serving/voucherWire'
import { startReceiver } from '@worldland-aa/service/testing/webhookReceiver'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import { Webhook } from 'standardwebhooks'
import { type Address, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Actor, createActor } from '../../scripts/demo/actor.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import type { Daemon } from '../support/daemon.ts'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { giveCoins, giveTokens } from '../support/money.ts'
import { startPayCommand } from '../support/payCommand.ts'
import {
  createProviderDaemon,
  type ProviderDaemon,
  testMarket,
  testOffer,
} from '../support/providerDaemon.ts'
import { seededRandom } from '../support/random.ts'
import { findRunpodPackage } from '../support/runpodPackage.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

const random = seededRandom()
const stage = devnetStage({ serving: false })
const folder = workFolder()
const signer = privateKeyToAccount(generatePrivateKey())
/** Of `pricePerHour` 0.36. */
const pricePerSecondWei = parseEther('0.0001')
const region = 'KR-Payment'
/** Says back what it was given, after the milliseconds that it was told to take. */
const worker = join(workspaceRoot, 'provider/src/gateway/testing/worker.mjs')
let payer: Actor
let offerId: bigint
let provider: ProviderDaemon
let daemon: Daemon
let sessionId: bigint

const rightId = (): bigint =>
  rootRightOf({ market: stage.devnet.contracts.serverlessSession, agreementId: sessionId })

async function openSession(by?: Address): Promise<bigint> {
  const { args } = await waitForComputeEvent(payer.client, {
    contracts: stage.devnet.contracts,
    hash: await payer.client.openSession({
      ...{ offerId, signer: by },
      budgetWei: parseEther('4'),
      expiresAtTimestamp: Number((await stage.client.getBlock()).timestamp) + 3_600,
    }),
    contract: 'serverlessSession',
    eventName: 'SessionOpened',
  })
  return args.sessionId
}

beforeAll(async () => {
  payer = await createActor(stage.devnet, 'payer')
  await giveTokens(stage, payer.address, parseEther('20'))
  provider = createProviderDaemon({
    folder: join(folder, 'provider'),
    devnet: stage.devnet,
    market: {
      ...testMarket,
      offers: [{ ...testOffer, name: 'sums', kind: 'serverless', region, capacityUnits: 8 }],
      endpoints: [
        { id: 'sums', offer: 'sums', command: [process.execPath, worker], maximumWorkers: 2, concurrency: 4 },
      ],
    },
    flags: {
      ...{ 'worker-port': 0, 'calls-per-second': 100_000, 'unsigned-interval-seconds': 1 },
      'webhook-private-networks': 'true',
    },
  })
  await giveCoins(stage, privateKeyToAddress(provider.privateKey), parseEther('10'))
  daemon = await provider.start()
  const offer = await eventually(
    'the offer',
    async () => (await payer.client.findOffers({ region, kind: 'serverless' }))[0],
    found => found !== undefined,
  )
  offerId = offer?.offerId ?? 0n
  sessionId = await openSession(signer.address)
})
afterAll(async () => {
  await daemon?.stop()
})

const sign = (sequence: bigint, units = sequence): Promise<SignedVoucher> =>
  signVoucher({
    contracts: stage.devnet.contracts,
    chainId: 103,
    signer,
    voucher: {
      ...{ sessionId, rightId: rightId(), sequence, units },
      cumulativeWei: units * pricePerSecondWei,
    },
  })

/** Its status, and the sequence of the voucher that the daemon says it has taken last. */
async function show(signed: SignedVoucher) {
  const response = await fetch(`${daemon.url}/payments/sums/vouchers`, {
    method: 'POST',
    headers: { [voucherHeaders.voucher]: toBase64Json(toWireVoucher(signed)) },
  })
  await response.body?.cancel()
  const required = response.headers.get(voucherHeaders.required)
  if (required === null) return { status: response.status, last: undefined }
  const { accepts } = fromBase64Json(required) as {
    accepts: { extra: { lane?: { last?: { voucher: { sequence: string } } } } }[]
  }
  return { status: response.status, last: accepts[0]?.extra.lane?.last?.voucher.sequence }
}

it('a voucher that was answered for is there after kill -9, whenever it comes', async () => {
  let next = 1n
  let answered = 0n
  for (let round = 0; round < 3; round++) {
    const vouchers = await Promise.all(Array.from({ length: 200 }, (_, index) => sign(next + BigInt(index))))
    next += 200n
    let killed: Promise<void> | undefined
    for (const signed of vouchers) {
      const answer = await show(signed).catch(() => undefined)
      if (answer === undefined) break
      if (answer.status !== 200) continue
      answered = signed.voucher.sequence
      // Not before one is answered for, however busy the machine: before that nothing can be lost.
      killed ??= pause(random.between(0, 350)).then(() => daemon.kill())
    }
    await (killed ?? daemon.kill())
    daemon = await provider.start()
    // It is worth nothing, so it is not taken, and was never shown, so who signed it hears which is the last.
    const worthless = await sign(next, 0n)
    const { last = '0' } = await eventually(
      'the daemon knowing the session',
      () => show(worthless),
      answer => answer.last !== undefined || (answer.status === 402 && answered === 0n),
    )
    expect(BigInt(last)).toBeGreaterThanOrEqual(answered)
    expect(BigInt(last)).toBeLessThan(next)
  }
  expect(answered).toBeGreaterThan(0n)
  const final = await sign(next)
  expect(await show(final)).toMatchObject({ status: 200 })
})

const job = (milliseconds: number) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ input: { milliseconds } }),
})
const paysFrom = (session: bigint) => ({
  contracts: stage.devnet.contracts,
  chainId: 103,
  sessions: [{ sessionId: session, pricePerSecondWei, budgetWei: parseEther('4') }],
})

it('a job that outlasts what was signed is kept paid by a client that signs on, though its signer is a contract', async () => {
  const paying = createPayingFetch({
    ...paysFrom(await openSession()),
    signer: payer.account,
    secondsAhead: 3,
  })
  const response = await paying(`${daemon.url}/v2/sums/runsync`, job(17_000))
  paying.stop()
  expect(await response.json()).toMatchObject({
    status: 'COMPLETED',
    output: { echo: { milliseconds: 17_000 } },
  })
})

it('a job whose client signs nothing more is ended, and has cost the provider no more than the interval', async () => {
  const key = privateKeyToAccount(generatePrivateKey())
  const { fetch: shows, config } = createVoucherScheme({
    ...paysFrom(await openSession(key.address)),
    signer: key,
  })
  const paid = wrapFetchWithPaymentFromConfig(shows, config)
  const { status, executionTime } = (await (
    await paid(`${daemon.url}/v2/sums/runsync`, job(30_000))
  ).json()) as { status: string; executionTime: number }
  expect(status).not.toBe('COMPLETED')
  // Ten seconds were signed, and one may be unsigned: it never came to its thirty.
  expect(executionTime).toBeLessThan(30_000)
})

/** `worldland-pay` with a session of its own, paid by a key that has nothing else. */
async function startPay() {
  const key = generatePrivateKey()
  const address = privateKeyToAddress(key)
  await giveCoins(stage, address, parseEther('1'))
  await giveTokens(stage, address, parseEther('2'))
  return await startPayCommand({
    ...{ key, home: subfolder(folder), budget: '1', args: ['--open', `${offerId}`] },
    providerUrl: daemon.url,
    rpcUrl: stage.devnet.rpcUrl,
    contractsFile: join(provider.folder, 'contracts.json'),
  })
}

it('a client that knows a URL and a key is told the secret of its webhooks, which verifies what is posted', async () => {
  const receiver = await startReceiver()
  const pay = await startPay()
  try {
    const headers = { authorization: `Bearer ${pay.apiKey}`, 'content-type': 'application/json' }
    const told = await fetch(`${pay.url}/sums/webhook-secret`, { headers })
    const { secret } = (await told.json()) as { secret: string }
    const body = JSON.stringify({ input: { webhook: 'signed' }, webhook: receiver.url })
    const ran = await fetch(`${pay.url}/sums/runsync`, { method: 'POST', headers, body })
    const { id } = (await ran.json()) as { id: string }
    await expect.poll(() => receiver.received).toHaveLength(1)
    const [posted] = receiver.received
    expect(new Webhook(secret).verify(posted?.body ?? '', posted?.headers ?? {})).toMatchObject({ id })
    expect(posted?.headers['webhook-id']).toBe(id)
  } finally {
    await pay.stop()
    receiver.stop()
  }
})

const runpod = findRunpodPackage()
it.skipIf(!runpod.ok)(
  runpod.ok
    ? "a session opened and paid by worldland-pay serves RunPod's own Python client, which knows a URL and a key"
    : `not run: ${runpod.reason}`,
  async () => {
    const pay = await startPay()
    const { stdout } = await promisify(execFile)(
      'python3',
      [join(import.meta.dirname, '../support/runpod/stream.py'), 'sums', '5'],
      {
        env: {
          PATH: '/usr/local/bin:/usr/bin:/bin',
          HOME: folder,
          PYTHONPATH: runpod.ok ? runpod.pythonPath : '',
          RUNPOD_ENDPOINT_BASE_URL: pay.url,
          RUNPOD_API_KEY: pay.apiKey,
        },
      },
    )
    await pay.stop()
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual(
      [0, 1, 2, 3, 4].map(part => ({ part })),
    )
  },
)

it('all that was signed becomes tokens when the daemon drains', async () => {
  const read = { address: stage.devnet.contracts.serverlessSession, abi: serverlessSessionAbi } as const
  expect((await provider.ask('drain')).code).toBe(0)
  const { spentWei } = await eventually(
    'the redemption',
    () => stage.client.readContract({ ...read, functionName: 'sessionOf', args: [sessionId] }),
    session => session.spentWei > 0n,
  )
  const lane = await stage.client.readContract({
    ...{ ...read, functionName: 'laneOf', args: [sessionId, rightId()] },
  })
  expect(lane.cumulativeWei).toBe(spentWei)
  expect(lane.sequence % 200n).toBe(1n)
  expect((await provider.ask('status')).printed).toContain('signed and not redeemed')
})
