// What a renter asks for and how it reaches its machine, by way of the chain and for nobody else's eyes; and a provider
// that is stopped at every step of its registration.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { sendCalls } from '@worldland-aa/sdk/account/sendCalls'
import { waitForCalls } from '@worldland-aa/sdk/account/waitForCalls'
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import { openLeaseAccess } from '@worldland-aa/sdk/actions/lease/openLeaseAccess'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { sealRentalRequest } from '@worldland-aa/sdk/actions/lease/sealRentalRequest'
import { waitForAccess } from '@worldland-aa/sdk/actions/lease/waitForAccess'
import { parsePricePerHour } from '@worldland-aa/sdk/actions/market/pricePerHour'
import { unwrapCoin } from '@worldland-aa/sdk/actions/token/unwrapCoin'
import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import {
  type ComputeReadClient,
  createComputeReadClient,
} from '@worldland-aa/sdk/clients/createComputeReadClient'
import { handOverLease } from '@worldland-aa/sdk/provider/handOverLease'
import { openLeaseRequest } from '@worldland-aa/sdk/provider/openLeaseRequest'
import {
  type RegisterProviderParameters,
  registerProvider,
} from '@worldland-aa/sdk/provider/registerProvider'
import { accessKeyStore } from '@worldland-aa/sdk/sealing/accessKeyStore'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { type Hex, http, parseEther, parseEventLogs } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployAll } from '../deploy/deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from '../deploy/deploymentClient.ts'
import { devnetKeys } from './devnetKeys.ts'
import { startProviderAgent } from './providerAgent.ts'
import { seedMarket } from './seedMarket.ts'
import { seedProviders } from './seedOffers.ts'

const keys = devnetKeys()
let anvil: Anvil
let contracts: ComputeContracts
let reader: ComputeReadClient
let renter: DeploymentClient
let provider: DeploymentClient

const clientOf = (privateKey: Hex) =>
  createDeploymentClient({ rpcUrl: anvil.url, privateKey, pollMilliseconds: 20 })

beforeAll(async () => {
  anvil = await startAnvil()
  const deployed = await deployAll({ client: await clientOf(keys.deployer.privateKey) })
  if (!deployed.ok) throw new Error(deployed.refusal.message)
  contracts = deployed.value.contracts
  reader = createComputeReadClient({ transport: http(anvil.url), contracts, pollingInterval: 20 })
  renter = await clientOf(keys.faucet.privateKey)
  const [key] = keys.providers
  const [seed] = seedProviders
  if (key === undefined || seed === undefined) throw new Error('The devnet has no provider')
  provider = await clientOf(key.privateKey)
  await seedMarket({ contracts, providers: [{ client: provider, seed }] })
  await waitForCalls(renter, await wrapCoin(renter, { contracts, amountWei: parseEther('10') }))
})
afterAll(async () => anvil.stop())

async function rent(sealedRequest: Hex | undefined): Promise<bigint> {
  const { pricePerSecondWei } = await reader.getOffer({ offerId: 1n })
  const calls = rentInstance.calls({
    contracts,
    offerId: 1n,
    seconds: 600,
    maximumPricePerSecondWei: pricePerSecondWei,
    sealedRequest,
  })
  const sent = await sendCalls(renter, { contracts, calls })
  if (sent.kind !== 'transactions') throw new Error('The renter is an ordinary key here')
  const receipt = await waitForTransaction(renter, { hash: sent.transactionHashes[1] ?? '0x' })
  const [opened] = parseEventLogs({ abi: instanceLeaseAbi, eventName: 'LeaseOpened', logs: receipt.logs })
  if (opened === undefined) throw new Error('No lease was opened')
  return opened.args.leaseId
}

describe('a lease with a sealed request', () => {
  const items = new Map<string, string>()
  const accessKey = accessKeyStore({
    storage: {
      getItem: name => items.get(name) ?? null,
      setItem: (name, value) => void items.set(name, value),
    },
  })
  const request = {
    image: 'ghcr.io/renter/private@sha256:c0ffee',
    ports: [8888],
    env: { HF_TOKEN: 'hf_nobody-else-s' },
    sshPublicKey:
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0000000000000000000000000000000000000000000 renter@home',
  }

  it('is served as asked, and its access opened by who rented, out of what its dApp kept', async () => {
    const { publicKey } = await accessKey.create()
    const sealedRequest = await sealRentalRequest(renter, {
      contracts,
      offerId: 1n,
      accessPublicKey: publicKey,
      request,
    })
    const leaseId = await rent(sealedRequest)
    const early = await openLeaseAccess(reader, { contracts, leaseId, accessKey })
    expect(early).toMatchObject({ ok: false, problem: expect.stringContaining('has not been handed over') })

    const errors: unknown[] = []
    const agent = startProviderAgent({
      client: provider,
      contracts,
      pollMilliseconds: 20,
      bootMilliseconds: 10,
      onError: error => errors.push(error),
    })
    const access = await waitForAccess(reader, { contracts, leaseId, accessKey })
    await agent.stop()
    expect(errors).toEqual([])
    expect(access).toEqual({
      ssh: { host: '127.0.0.1', port: 22_000 + Number(leaseId), user: 'renter' },
      urls: [{ port: 8888, url: `https://lease-${leaseId}-8888.example` }],
      note: `simulated; runs ${request.image}`,
    })

    const lease = await reader.getLease({ leaseId, withAccess: true })
    expect(lease.access?.kind).toBe('sealed')
    expect((await reader.getLease({ leaseId })).access).toBeUndefined()
    const stranger = await openLeaseAccess(reader, { contracts, leaseId, accessKey: createSealingKey() })
    expect(stranger).toMatchObject({ ok: false, problem: expect.stringContaining('not sealed to this key') })
    const elsewhere = accessKeyStore({ storage: { getItem: () => null, setItem: () => undefined } })
    expect(await openLeaseAccess(reader, { contracts, leaseId, accessKey: elsewhere })).toMatchObject({
      ok: false,
      problem: `The store has no access key of lease ${leaseId}.`,
    })
  })

  it('shows nothing of it on the chain', async () => {
    const { publicKey } = await accessKey.create()
    const sealedRequest = await sealRentalRequest(renter, {
      contracts,
      offerId: 1n,
      accessPublicKey: publicKey,
      request,
    })
    const leaseId = await rent(sealedRequest)
    const [log] = await reader.getContractEvents({
      address: contracts.instanceLease,
      abi: instanceLeaseAbi,
      eventName: 'LeaseRequested',
      args: { leaseId },
      fromBlock: 0n,
      strict: true,
    })
    expect(log?.args.request).toBe(sealedRequest)
    const seen = Buffer.from((log?.args.request ?? '0x').slice(2), 'hex').toString('latin1')
    for (const secret of [request.image, request.env.HF_TOKEN, 'ssh-ed25519'])
      expect(seen).not.toContain(secret)
  })

  it('is opened by its provider alone, even if somebody copies it into a lease of its own', async () => {
    const { publicKey } = await accessKey.create()
    const sealedRequest = await sealRentalRequest(renter, {
      contracts,
      offerId: 1n,
      accessPublicKey: publicKey,
      request,
      // As if another account had been the one to rent.
      account: provider.account.address,
    })
    const leaseId = await rent(sealedRequest)
    const privateKeys = [createSealingKey().privateKey]
    expect(await openLeaseRequest(provider, { contracts, leaseId, privateKeys })).toMatchObject({ ok: false })

    const errors: unknown[] = []
    const agent = startProviderAgent({
      client: provider,
      contracts,
      pollMilliseconds: 20,
      bootMilliseconds: 10,
      onError: error => errors.push(error),
    })
    const said = () => errors.map(error => (error as Error).message)
    await expect
      .poll(said, { timeout: 30_000 })
      .toEqual([expect.stringContaining(`Lease ${leaseId}: The request is not sealed to this key`)])
    await agent.stop()
    expect((await reader.getLease({ leaseId })).state).toBe('locked')
  })

  it('is not handed over sealed to nobody', async () => {
    const leaseId = await rent(undefined)
    await expect(
      handOverLease(provider, { contracts, leaseId, access: { note: 'come in' } }),
    ).rejects.toThrow(`Lease ${leaseId} came without a key to seal its access to.`)
    const opened = await openLeaseRequest(provider, { contracts, leaseId, privateKeys: [] })
    expect(opened).toEqual({ ok: true, request: {}, accessPublicKey: undefined })
  })

  it('is refused before anybody signs when the provider has no key', async () => {
    const keyless = await richProvider({ coin: '3' })
    await waitForCalls(
      keyless,
      await registerProvider(keyless, {
        contracts,
        metadataUri: 'https://keyless.example',
        stakeWei: parseEther('1'),
        offers: [offer],
      }),
    )
    const [posted] = await reader.findOffers({ gpuModel: offer.gpuModel })
    const { publicKey: accessPublicKey } = createSealingKey()
    const asked = { contracts, offerId: posted?.offerId ?? 0n, accessPublicKey }
    await expect(sealRentalRequest(renter, { ...asked, request })).rejects.toThrow(
      'has no public key to seal a request to',
    )
    // That the access be sealed takes a key of the renter's alone.
    expect(await sealRentalRequest(renter, asked)).toBe(`0x01${accessPublicKey.slice(2)}`)
  })
})

const offer = {
  gpuModel: 'NVIDIA RTX 3060',
  vramGiB: 12,
  region: 'KR-Busan',
  capacityUnits: 2,
  pricePerSecondWei: parsePricePerHour('0.2'),
  bondPerUnitWei: parseEther('0.5'),
  minimumSeconds: 60,
  maximumSeconds: 3_600,
}

async function richProvider({ coin }: { coin: string }): Promise<DeploymentClient> {
  const privateKey = generatePrivateKey()
  const hash = await renter.sendTransaction({ to: privateKeyToAddress(privateKey), value: parseEther(coin) })
  await waitForTransaction(renter, { hash })
  return await clientOf(privateKey)
}

describe('registerProvider', () => {
  const wanted: Omit<RegisterProviderParameters, 'contracts'> = {
    metadataUri: 'https://provider.example/about.json',
    sealKey: createSealingKey().publicKey,
    stakeWei: parseEther('1'),
    offers: [
      { ...offer, gpuModel: 'NVIDIA RTX 5060' },
      { ...offer, gpuModel: 'NVIDIA RTX 5070', kind: 'serverless' },
      // Two alike are two.
      { ...offer, gpuModel: 'NVIDIA RTX 5060' },
    ],
  }
  const register = (client: DeploymentClient, changes: Partial<RegisterProviderParameters> = {}) =>
    registerProvider(client, { ...wanted, contracts, ...changes })

  /** Dies as a process would: some transactions are sent, and then nothing more is. */
  const dyingAfter = (client: DeploymentClient, transactions: number): DeploymentClient => {
    let left = transactions
    const dying = Object.create(client) as DeploymentClient
    dying.sendTransaction = (async (transaction: Parameters<typeof client.sendTransaction>[0]) => {
      if (left-- === 0) throw new Error('killed')
      return await client.sendTransaction(transaction)
    }) as typeof client.sendTransaction
    return dying
  }

  const offersOf = async ({ account }: DeploymentClient) => {
    const all = await Promise.all(
      (['instance', 'serverless'] as const).map(kind => reader.findOffers({ kind, minimumFreeUnits: 0 })),
    )
    return all.flat().filter(posted => posted.provider === account.address)
  }

  // wrap, register, two markets, approve, stake, three offers
  const steps = 9

  it('goes on where it was stopped, after whichever step, and does nothing twice', {
    timeout: 300_000,
  }, async () => {
    for (let killedAfter = 0; killedAfter <= steps; killedAfter++) {
      const client = await richProvider({ coin: '2' })
      const { address } = client.account
      const killed = register(dyingAfter(client, killedAfter))
      if (killedAfter < steps) await expect(killed).rejects.toThrow('killed')
      else await waitForCalls(client, await killed)
      await waitForCalls(client, await register(client))

      const registered = await reader.getProvider({ provider: address })
      expect(registered).toMatchObject({
        payout: address,
        sealKey: wanted.sealKey,
        bondWei: wanted.stakeWei,
        availableWei: wanted.stakeWei,
      })
      expect((await offersOf(client)).map(({ gpuModel }) => gpuModel).sort()).toEqual([
        'NVIDIA RTX 5060',
        'NVIDIA RTX 5060',
        'NVIDIA RTX 5070',
      ])
      expect(await reader.getTransactionCount({ address })).toBe(steps)
      expect(await reader.getTokenBalance({ holder: address })).toBe(0n)
      expect(await register(client)).toEqual({ kind: 'transactions', transactionHashes: [] })
    }
  })

  it('brings a registration up to date: stake, payout, URI, key, offers', async () => {
    const client = await richProvider({ coin: '5' })
    await waitForCalls(client, await register(client, { offers: [] }))
    const { publicKey: sealKey } = createSealingKey()
    const payout = renter.account.address
    const changed = await register(client, { stakeWei: parseEther('3'), payout, sealKey })
    await waitForCalls(client, changed)
    expect(await reader.getProvider({ provider: client.account.address })).toMatchObject({
      payout,
      sealKey,
      bondWei: parseEther('3'),
    })
    expect(await offersOf(client)).toHaveLength(3)
  })

  it('says how much is missing before it sends anything, and how to come to it', async () => {
    const client = await richProvider({ coin: '0.5' })
    const { address } = client.account
    await expect(register(client)).rejects.toThrow(
      /^1 WLC are to be staked and about 0\.\d+ WLC paid for gas, but 0x\w+ holds 0 WLC of tokens and 0\.5 WLC of coin: 0\.5\d+ WLC are missing\.\n+Send it that much coin/,
    )
    expect(await reader.getTransactionCount({ address })).toBe(0)
    const rich = await richProvider({ coin: '2' })
    await expect(register(rich, { wrapMissing: false })).rejects.toThrow(
      `wrapCoin({ amountWei: ${parseEther('1')}n })`,
    )
    await waitForCalls(rich, await wrapCoin(rich, { contracts, amountWei: parseEther('1') }))
    await waitForCalls(rich, await register(rich, { wrapMissing: false, offers: [] }))
    expect((await reader.getProvider({ provider: rich.account.address }))?.bondWei).toBe(parseEther('1'))
  })
})

describe('coin and tokens', () => {
  it('are turned into each other one to one, for oneself and for others', async () => {
    const client = await richProvider({ coin: '2' })
    const friend = privateKeyToAddress(generatePrivateKey())
    await waitForCalls(client, await wrapCoin(client, { contracts, amountWei: parseEther('1') }))
    await waitForCalls(client, await wrapCoin(client, { contracts, amountWei: 7n, to: friend }))
    await waitForCalls(client, await unwrapCoin(client, { contracts, amountWei: parseEther('0.4') }))
    await waitForCalls(client, await unwrapCoin(client, { contracts, amountWei: 5n, to: friend }))
    expect(await reader.getTokenBalance({ holder: client.account.address })).toBe(parseEther('0.6') - 5n)
    expect(await reader.getTokenBalance({ holder: friend })).toBe(7n)
    expect(await reader.getBalance({ address: friend })).toBe(5n)
  })
})
