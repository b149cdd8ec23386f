import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { offerBookAbi } from '@worldland-aa/sdk/abi/offerBook'
import { providerRegistryAbi } from '@worldland-aa/sdk/abi/providerRegistry'
import { approveCall } from '@worldland-aa/sdk/account/approveCall'
import { sendCalls } from '@worldland-aa/sdk/account/sendCalls'
import { waitForCalls } from '@worldland-aa/sdk/account/waitForCalls'
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import type { LeaseState } from '@worldland-aa/sdk/actions/lease/lease'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import type { LeaseStep } from '@worldland-aa/sdk/actions/lease/watchLease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import {
  type ComputeReadClient,
  createComputeReadClient,
} from '@worldland-aa/sdk/clients/createComputeReadClient'
import { providerActions } from '@worldland-aa/sdk/clients/providerActions'
import { decodeComputeError } from '@worldland-aa/sdk/errors/decodeComputeError'
import { pauseLease } from '@worldland-aa/sdk/provider/pauseLease'
import { postOffer } from '@worldland-aa/sdk/provider/postOffer'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { http, parseEther, parseEventLogs } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { deployAll } from '../deploy/deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from '../deploy/deploymentClient.ts'
import { devnetKeys } from './devnetKeys.ts'
import { type ProviderAgent, startProviderAgent } from './providerAgent.ts'
import { seedMarket } from './seedMarket.ts'
import { seedProviders } from './seedOffers.ts'

describe('a market with a provider that serves', () => {
  const keys = devnetKeys()
  let anvil: Anvil
  let contracts: ComputeContracts
  let reader: ComputeReadClient
  let renter: DeploymentClient
  let providers: DeploymentClient[]

  const clientOf = (privateKey: `0x${string}`) =>
    createDeploymentClient({ rpcUrl: anvil.url, privateKey, pollMilliseconds: 20 })

  beforeAll(async () => {
    anvil = await startAnvil()
    const deployed = await deployAll({ client: await clientOf(keys.deployer.privateKey) })
    if (!deployed.ok) throw new Error(deployed.refusal.message)
    contracts = deployed.value.contracts
    renter = await clientOf(keys.faucet.privateKey)
    providers = await Promise.all(keys.providers.map(key => clientOf(key.privateKey)))
    await seedMarket({
      contracts,
      providers: providers.flatMap((client, index) => {
        const seed = seedProviders[index]
        return seed === undefined ? [] : [{ client, seed }]
      }),
    })
    const hash = await renter.writeContract({
      address: contracts.token,
      abi: computeTokenAbi,
      functionName: 'deposit',
      value: parseEther('10'),
    })
    await waitForTransaction(renter, { hash })
    reader = createComputeReadClient({ transport: http(anvil.url), contracts, pollingInterval: 20 })
  })
  let agents: readonly ProviderAgent[] = []
  afterEach(async () => {
    await Promise.all(agents.map(agent => agent.stop()))
    agents = []
  })
  afterAll(async () => anvil?.stop())

  function serve(bootMilliseconds: number): void {
    agents = providers.map(client =>
      startProviderAgent({
        client,
        contracts,
        pollMilliseconds: 20,
        bootMilliseconds,
        onError: () => undefined,
      }),
    )
  }

  const rent = async (offerId: bigint, seconds: number): Promise<bigint> => {
    const { pricePerSecondWei } = await reader.getOffer({ offerId })
    const calls = rentInstance.calls({
      contracts,
      offerId,
      seconds,
      maximumPricePerSecondWei: pricePerSecondWei,
    })
    const sent = await sendCalls(renter, { contracts, calls })
    if (sent.kind !== 'transactions') throw new Error('the renter is an ordinary key here')
    const receipt = await waitForTransaction(renter, { hash: sent.transactionHashes[1] ?? '0x' })
    const [opened] = parseEventLogs({ abi: instanceLeaseAbi, eventName: 'LeaseOpened', logs: receipt.logs })
    if (opened === undefined) throw new Error('no lease was opened')
    return opened.args.leaseId
  }

  it('lists what can be rented, cheapest first', async () => {
    const offers = await reader.findOffers()
    expect(offers.length).toBe(6)
    const prices = offers.map(offer => offer.pricePerSecondWei)
    expect(prices).toEqual([...prices].sort((left, right) => (left < right ? -1 : 1)))
  })

  it('finds by model, memory, region and price', async () => {
    const models = async (filter: Parameters<ComputeReadClient['findOffers']>[0]) =>
      (await reader.findOffers(filter)).map(offer => offer.gpuModel)
    expect(await models({ gpuModel: 'a100' })).toEqual(['NVIDIA A100 80GB'])
    expect(await models({ minimumVramGiB: 80 })).toEqual(['NVIDIA A100 80GB', 'NVIDIA H100 80GB'])
    expect(await models({ gpuModel: '4090', region: 'kr-gwangju' })).toEqual(['NVIDIA RTX 4090'])
    expect(await models({ maximumPricePerSecondWei: parseEther('0.1') / 3600n })).toEqual([
      'Simulated GPU (CPU)',
    ])
    expect(await models({ kind: 'serverless' })).toEqual([])
  })

  it('quotes the exact escrow and says what is missing', async () => {
    const quote = await reader.quoteRental({ offerId: 1n, seconds: 3600, account: renter.account.address })
    expect(quote.escrowWei).toBe(quote.offer.pricePerSecondWei * 3600n)
    expect(quote.balance).toEqual({ wei: parseEther('10'), missingWei: 0n, suffices: true })
    const dear = await reader.quoteRental({
      offerId: 3n,
      units: 2,
      seconds: 10_000,
      account: renter.account.address,
    })
    expect(dear.balance?.suffices).toBe(false)
    expect(dear.balance?.missingWei).toBe(dear.totalWei - parseEther('10'))
  })

  it('is accepted, readied, metered, stopped and paid out to the wei, and all of it is seen', async () => {
    serve(10)
    const balance = async (address: `0x${string}`) =>
      reader.readContract({
        address: contracts.token,
        abi: computeTokenAbi,
        functionName: 'balanceOf',
        args: [address],
      })
    const { provider } = await reader.getOffer({ offerId: 1n })
    const before = { renter: await balance(renter.account.address), provider: await balance(provider) }
    const leaseId = await rent(1n, 600)
    const steps: LeaseStep[] = []
    const unwatch = reader.watchLease({ leaseId, onStep: step => void steps.push(step) })
    const untilState = (state: LeaseState) => expect.poll(() => steps.at(-1)?.lease.state).toBe(state)
    await untilState('ready')
    await anvil.client.increaseTime({ seconds: 30 })
    await anvil.client.mine({ blocks: 1 })
    const running = await reader.getLease({ leaseId })
    expect(running.usedSeconds).toBeGreaterThanOrEqual(30)
    expect(running.costWei).toBe(running.pricePerSecondWei * BigInt(running.usedSeconds))
    // The stop alone: the provider settles what is stopped, maybe before its payer comes to it.
    const [stop] = stopLease.calls({ contracts, leaseId, state: running.state })
    if (stop === undefined) throw new Error('there is nothing to stop')
    await waitForCalls(renter, await sendCalls(renter, { contracts, calls: [stop] }))
    await untilState('settled')
    unwatch()
    const ended = await reader.getLease({ leaseId })
    expect(ended.costWei + ended.refundWei).toBe(ended.escrowWei)
    expect(await balance(renter.account.address)).toBe(before.renter - ended.costWei)
    expect(await balance(provider)).toBe(before.provider + ended.costWei)
    const names = steps.flatMap(step => step.events.map(event => event.eventName))
    expect([...new Set(names)]).toEqual([
      'LeaseOpened',
      'LeaseAccepted',
      'LeaseReady',
      'LeaseStopped',
      'LeaseSettled',
    ])
  })

  it('answers a ping by itself', async () => {
    serve(0)
    const leaseId = await rent(1n, 600)
    await expect.poll(async () => (await reader.getLease({ leaseId })).state).toBe('ready')
    const approve = approveCall({
      token: contracts.token,
      spender: contracts.instanceLease,
      amountWei: parseEther('0.01'),
    })
    await waitForCalls(renter, await sendCalls(renter, { contracts, calls: [approve] }))
    const hash = await renter.writeContract({
      address: contracts.instanceLease,
      abi: instanceLeaseAbi,
      functionName: 'ping',
      args: [leaseId],
    })
    await waitForTransaction(renter, { hash })
    await expect
      .poll(
        async () =>
          (
            await reader.getContractEvents({
              address: contracts.instanceLease,
              abi: instanceLeaseAbi,
              eventName: 'LeasePonged',
              fromBlock: 0n,
            })
          ).length,
      )
      .toBe(1)
    expect((await reader.getLease({ leaseId })).ping).toBeUndefined()
  })

  it('says in a sentence why the contract refuses', async () => {
    const stranger = renter
    const leaseId = await rent(6n, 600)
    const refused = await sendCalls(stranger, {
      contracts,
      calls: pauseLease.calls({ contracts, leaseId }),
    }).catch((error: unknown) => error)
    expect(decodeComputeError(refused)).toMatchObject({
      errorName: 'NotProvider',
      problem: `Lease or session ${leaseId} is not served by ${stranger.account.address}.`,
    })
  })

  it('hands back the events that a reorg takes', async () => {
    const snapshot = await anvil.client.snapshot()
    const leaseId = await rent(6n, 60)
    const steps: LeaseStep[] = []
    const unwatch = reader.watchLease({
      leaseId,
      onStep: step => void steps.push(step),
      onError: () => undefined,
    })
    await expect.poll(() => steps.length).toBeGreaterThan(0)
    expect(steps[0]?.events.map(event => event.eventName)).toEqual(['LeaseOpened'])
    await anvil.client.revert({ id: snapshot })
    await anvil.client.mine({ blocks: 1 })
    // Another lease takes the id on the other branch.
    await rent(5n, 60)
    await expect.poll(() => steps.at(-1)?.lease.offerId).toBe(5n)
    expect(steps.flatMap(step => step.removed).map(event => event.eventName)).toEqual(['LeaseOpened'])
    unwatch()
  })

  it('counts as free only what the bond of its provider backs', async () => {
    const client = providers[0]
    if (client === undefined) throw new Error('no provider')
    const bondWei = await client.readContract({
      address: contracts.providerRegistry,
      abi: providerRegistryAbi,
      functionName: 'availableBondOf',
      args: [client.account.address],
    })
    const posted = await postOffer(client, {
      contracts,
      gpuModel: 'Overpromised',
      vramGiB: 1,
      region: 'KR-Seoul',
      capacityUnits: 100,
      pricePerSecondWei: 1n,
      bondPerUnitWei: bondWei / 3n,
      minimumSeconds: 1,
      maximumSeconds: 60,
    })
    await waitForCalls(client, posted)
    const find = async (minimumFreeUnits: number) =>
      (await reader.findOffers({ gpuModel: 'overpromised', minimumFreeUnits })).map(offer => offer.freeUnits)
    expect(await find(3)).toEqual([3])
    expect(await find(4)).toEqual([])
  })

  it('reads a book of many offers in few calls of the node', async () => {
    const client = providers[0]
    if (client === undefined) throw new Error('no provider')
    const posted = 40
    const calls = Array.from({ length: posted }, () =>
      postOffer.calls({
        contracts,
        gpuModel: 'Numerous',
        vramGiB: 1,
        region: 'x'.repeat(64),
        capacityUnits: 1,
        pricePerSecondWei: 1n,
        bondPerUnitWei: 0n,
        minimumSeconds: 1,
        maximumSeconds: 60,
        // As long as it may be: what comes back of a call must still fit.
        uri: 'u'.repeat(512),
      }),
    ).flat()
    await waitForCalls(client, await sendCalls(client, { contracts, calls }))
    let asked = 0
    const transport = http(anvil.url, {
      onFetchRequest: () => {
        asked++
      },
    })
    const counted = createComputeReadClient({ transport, contracts })
    expect((await counted.findOffers({ gpuModel: 'numerous' })).length).toBe(posted)
    const all = await reader.readContract({
      address: contracts.offerBook,
      abi: offerBookAbi,
      functionName: 'offerCount',
    })
    expect(asked).toBe(4 + Math.ceil(Number(all) / 16))
  })

  it('lets a provider change its terms, and tells what it has staked and how it served', async () => {
    const client = providers[1]
    if (client === undefined) throw new Error('no provider')
    const provider = client.extend(providerActions({ contracts }))
    const done = async (sent: ReturnType<typeof provider.pauseOffer>) => waitForCalls(client, await sent)
    const [offer] = await reader.findOffers({ gpuModel: '3090' })
    const { offerId = 0n, pricePerSecondWei = 0n } = offer ?? {}
    await done(
      provider.updateOffer({ offerId, pricePerSecondWei: pricePerSecondWei * 2n, uri: 'https://x.example' }),
    )
    expect(await reader.getOffer({ offerId })).toEqual({
      ...offer,
      pricePerSecondWei: pricePerSecondWei * 2n,
      uri: 'https://x.example',
    })
    await done(provider.pauseOffer({ offerId }))
    expect(await reader.findOffers({ gpuModel: '3090' })).toEqual([])
    await done(provider.pauseOffer({ offerId, paused: false }))
    await done(provider.allowMarket({ market: contracts.instanceLease, allowed: false }))
    expect(await reader.findOffers({ gpuModel: '3090' })).toEqual([])
    await done(provider.allowMarket({ market: contracts.instanceLease }))
    expect((await reader.findOffers({ gpuModel: '3090' })).length).toBe(1)

    const address = client.account.address
    const before = await reader.getProvider({ provider: address })
    await client
      .writeContract({
        address: contracts.token,
        abi: computeTokenAbi,
        functionName: 'deposit',
        value: 1_000n,
      })
      .then(hash => waitForTransaction(client, { hash }))
    await done(provider.stakeBond({ amountWei: 1_000n }))
    await done(provider.requestUnstake({ amountWei: 400n }))
    await done(provider.setPayout({ payout: renter.account.address }))
    await done(provider.setProviderMetadata({ metadataUri: 'https://provider.example' }))
    expect(await reader.getProvider({ provider: address })).toMatchObject({
      payout: renter.account.address,
      metadataUri: 'https://provider.example',
      bondWei: (before?.bondWei ?? 0n) + 1_000n,
      availableWei: (before?.availableWei ?? 0n) + 600n,
      unstaking: { amountWei: 400n },
      score: { lapsed: 0, faults: 0 },
    })
    expect(await reader.getProvider({ provider: renter.account.address })).toBeUndefined()
  })
})
