// The provider's daemon on a whole devnet: real chain, bundler, paymaster, and machines that are real processes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ComputeReadClient,
  createComputeReadClient,
} from '@worldland-aa/sdk/clients/createComputeReadClient'
import { createSealingKey, type SealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { http, parseEther } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, createActor } from '../../scripts/demo/actor.ts'
import { readMetrics } from '../../scripts/monitoring/readMetrics.ts'
import type { Daemon } from '../support/daemon.ts'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { giveCoins, giveTokens, holdingsOf } from '../support/money.ts'
import {
  createProviderDaemon,
  type ProviderDaemon,
  testMarket,
  testOffer,
} from '../support/providerDaemon.ts'
import { workFolder } from '../support/workFolder.ts'

const stage = devnetStage({ serving: false })
const folder = workFolder()
let reader: ComputeReadClient
let renter: Actor
let provider: ProviderDaemon
let daemon: Daemon
let offerId: bigint

const heartbeat = ['/bin/sh', '-c', 'echo begun; while :; do sleep 1; done']

async function postedOffer(region: string) {
  return await eventually(
    `an offer in ${region}`,
    async () => (await reader.findOffers({ region }))[0],
    offer => offer !== undefined,
  )
}

/** By lease: what its access is sealed to. */
const accessKeys = new Map<bigint, SealingKey>()

async function rent(
  seconds: number,
  request: object = { command: heartbeat },
  of = offerId,
): Promise<bigint> {
  const key = createSealingKey()
  const sealedRequest = await renter.client.sealRentalRequest({
    offerId: of,
    accessPublicKey: key.publicKey,
    request,
  })
  const hash = await renter.client.rentInstance({ offerId: of, seconds, sealedRequest })
  const { leaseId } = await renter.client.waitForRental({ hash })
  accessKeys.set(leaseId, key)
  return leaseId
}

async function untilState(leaseId: bigint, ...states: readonly string[]) {
  return await eventually(
    `lease ${leaseId} being ${states.join(' or ')}`,
    () => reader.getLease({ leaseId }),
    ({ state }) => states.includes(state),
  )
}

const workspaceOf = (leaseId: bigint, of = provider): string =>
  join(of.folder, 'data/machines', `lease-${leaseId}`)

beforeAll(async () => {
  const { rpcUrl, contracts } = stage.devnet
  reader = createComputeReadClient({ transport: http(rpcUrl), contracts, pollingInterval: 100 })
  renter = await createActor(stage.devnet, 'renter')
  await giveTokens(stage, renter.address, parseEther('20'))
  provider = createProviderDaemon({ folder: join(folder, 'ordinary'), devnet: stage.devnet })
  const address = privateKeyToAddress(provider.privateKey)
  expect(await provider.check()).toMatchObject({
    code: 1,
    printed: expect.stringContaining('send it 2 coin'),
  })
  await giveCoins(stage, address, parseEther('10'))
  expect(await provider.check()).toMatchObject({ code: 0, printed: expect.stringContaining(address) })
  daemon = await provider.start()
  offerId = (await postedOffer(testOffer.region)).offerId as bigint
})
afterAll(async () => {
  await daemon?.stop()
})

it('shows Prometheus all that the dashboard is made of', async () => {
  const url = /"operatorUrl":"([^"]+)"/.exec(provider.log())?.[1]
  const served = await (await fetch(`${url}/metrics`)).text()
  for (const { name } of readMetrics().provider) expect(served).toContain(`# TYPE ${name} `)
  await eventually(
    'a healthy daemon',
    async () => (await (await fetch(`${url}/health`)).json()) as { healthy: boolean },
    ({ healthy }) => healthy,
  )
})

describe('a lease', () => {
  it('is served by a user operation of a renter without coin, pinged, stopped, settled and wiped', async () => {
    expect((await holdingsOf(stage, renter.address)).nativeWei).toBe(0n)
    const leaseId = await rent(600)
    await untilState(leaseId, 'ready')
    expect((await provider.ask('status')).printed).toMatch(new RegExp(`\\n${leaseId}\\s+ready\\s+running`))
    expect((await provider.ask('logs', String(leaseId))).printed).toContain('begun')
    expect(existsSync(workspaceOf(leaseId))).toBe(true)
    const accessKey = accessKeys.get(leaseId) as SealingKey
    const access = await renter.client.waitForAccess({ leaseId, accessKey })
    expect(access.ssh).toMatchObject({ user: `lease-${leaseId}`, host: '127.0.0.1' })

    await renter.client.waitForUserOperation({ hash: await renter.client.pingProvider({ leaseId }) })
    await eventually(
      'a pong',
      () => reader.getLease({ leaseId }),
      ({ ping }) => ping === undefined,
    )

    await renter.client.waitForUserOperation({ hash: await renter.client.stopLease({ leaseId }) })
    await untilState(leaseId, 'settled')
    await eventually(
      'the machine being gone',
      async () => existsSync(workspaceOf(leaseId)),
      there => !there,
    )
    const { costWei } = await reader.getLease({ leaseId })
    const deposit = parseEther('0.01')
    await eventually(
      'the earnings',
      async () => (await provider.ask('earnings')).printed,
      printed => new RegExp(`lease ${leaseId} +${costWei + deposit}\\n?$`).test(printed.trim()),
    )
  })

  it('goes on after kill -9 at any time, and ends when its time is used up', async () => {
    const leaseId = await rent(45)
    await daemon.kill()
    daemon = await provider.start()
    await untilState(leaseId, 'accepted', 'ready')
    await daemon.kill()
    daemon = await provider.start()
    await untilState(leaseId, 'ready')
    await daemon.kill()
    await renter.client.waitForUserOperation({ hash: await renter.client.pingProvider({ leaseId }) })
    daemon = await provider.start()
    await eventually(
      'a pong',
      () => reader.getLease({ leaseId }),
      ({ ping }) => ping === undefined,
    )
    const { costWei, escrowWei } = await untilState(leaseId, 'settled')
    expect(costWei).toBe(escrowWei)
    await eventually(
      'the machine being gone',
      async () => existsSync(workspaceOf(leaseId)),
      there => !there,
    )
  })

  it('is not accepted where the rules say no, and the log says why', async () => {
    provider.write({ ...testMarket, accept: { payers: { deny: [renter.address] } } })
    await provider.ask('reload')
    const leaseId = await rent(600)
    await eventually(
      'a reason in the log',
      async () => provider.log(),
      log => log.includes('a lease is not taken') && log.includes(`its payer ${renter.address} is denied`),
    )
    expect((await reader.getLease({ leaseId })).state).toBe('locked')
    provider.write(testMarket)
    expect(await provider.ask('reload')).toMatchObject({ code: 0 })
    await untilState(leaseId, 'ready')
    await renter.client.waitForUserOperation({ hash: await renter.client.stopLease({ leaseId }) })
  })

  it('whose machine exits again and again is ended, with a reason', async () => {
    const leaseId = await rent(600, { command: ['/bin/sh', '-c', 'sleep 2; exit 3'] })
    await untilState(leaseId, 'settled')
    expect(provider.log()).toContain('its machine exits again and again (code 3)')
  })
})

it('drains: offers are paused on the chain, what runs goes on, and afterwards both are there again', async () => {
  const leaseId = await rent(600)
  await untilState(leaseId, 'ready')
  expect((await provider.ask('drain')).code).toBe(0)
  await eventually(
    'a pause',
    () => reader.getOffer({ offerId }),
    ({ paused }) => paused,
  )
  expect((await reader.getLease({ leaseId })).state).toBe('ready')
  expect((await provider.ask('drain', '--off')).code).toBe(0)
  await eventually(
    'an offer',
    () => reader.getOffer({ offerId }),
    ({ paused }) => !paused,
  )
  await renter.client.waitForUserOperation({ hash: await renter.client.stopLease({ leaseId }) })
  await untilState(leaseId, 'settled')
})

it('changes an offer whose price changed in the market file', async () => {
  provider.write({ ...testMarket, offers: [{ ...testOffer, pricePerHour: '0.72' }] })
  expect((await provider.ask('reload')).code).toBe(0)
  await eventually(
    'the new price',
    () => reader.getOffer({ offerId }),
    ({ pricePerSecondWei }) => pricePerSecondWei === parseEther('0.72') / 3600n,
  )
  provider.write({ ...testMarket, offers: [{ ...testOffer, pricePerHour: 'free' }] })
  const refused = await provider.ask('reload')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.printed).toContain(
    'offers[0].pricePerHour must be tokens an hour for one unit, such as "0.5"',
  )
})

it('provides without native coin, through a bundler, with gas in the token', async () => {
  const region = 'KR-Coinless'
  const coinless = createProviderDaemon({
    folder: join(folder, 'coinless'),
    devnet: stage.devnet,
    market: { ...testMarket, offers: [{ ...testOffer, region }] },
    flags: { 'bundler-url': stage.devnet.bundlerUrl },
  })
  const running = await coinless.start()
  try {
    const address = /"provider":"(0x[0-9a-fA-F]{40})"/.exec(coinless.log())?.[1] as `0x${string}`
    await giveTokens(stage, address, parseEther('5'))
    const posted = await postedOffer(region)
    const leaseId = await rent(600, { command: heartbeat }, posted.offerId)
    await untilState(leaseId, 'ready')
    await renter.client.waitForUserOperation({ hash: await renter.client.stopLease({ leaseId }) })
    await untilState(leaseId, 'settled')
    expect((await holdingsOf(stage, address)).nativeWei).toBe(0n)
  } finally {
    await running.stop()
  }
})
