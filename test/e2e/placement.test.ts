// Several machines of several providers, end to end: chosen, rented by one user operation of an account without coin,
// lost, replaced, all to the wei.
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import { readPlacement, writePlacement } from '@worldland-aa/sdk/actions/placement/keepPlacement'
import type { PlacementNeeds } from '@worldland-aa/sdk/actions/placement/needs'
import type { PlacementPlan } from '@worldland-aa/sdk/actions/placement/plan'
import { rentMachines } from '@worldland-aa/sdk/actions/placement/rentMachines'
import {
  type RunningPlacement,
  toRunningPlacement,
} from '@worldland-aa/sdk/actions/placement/runningPlacement'
import { accessKeyStore } from '@worldland-aa/sdk/sealing/accessKeyStore'
import { type Address, type Hex, parseEther } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../scripts/demo/actor.ts'
import { devnetStage } from '../support/devnet.ts'
import { landed } from '../support/marketCast.ts'
import { billOf, holdingsOf } from '../support/money.ts'
import {
  castProviders,
  castRenter,
  handOver,
  type PlacementProvider,
  placementModel,
} from '../support/placementCast.ts'
import { mineBlocks } from './scenes/scene.ts'

// A machine under load takes long to estimate, and is no caller to be limited.
const stage = devnetStage({
  serving: false,
  daemonSettings: { bundler: { unpaidMillisecondsPerSecond: 0 } },
})

/** More than a provider has to accept, and to answer a ping. */
const [pastAcceptBlocks, pastPongBlocks] = [62, 26]
const priceWei = parseEther('0.0001')
const seconds = 600
const needs = { gpuModels: [placementModel], seconds, regions: { allow: ['KR', 'JP'] } } as const

let providers: readonly PlacementProvider[]
beforeAll(async () => {
  providers = await castProviders(stage, [
    { name: 'seoul', region: 'KR-Seoul', pricePerSecondWei: priceWei },
    { name: 'busan', region: 'KR-Busan', pricePerSecondWei: priceWei + 1n },
    { name: 'tokyo', region: 'JP-Tokyo', pricePerSecondWei: priceWei + 2n },
    { name: 'osaka', region: 'JP-Osaka', pricePerSecondWei: priceWei + 3n },
    { name: 'far', region: 'US-East', pricePerSecondWei: 1n },
  ])
}, 120_000)

const providerOf = (address: Address) => {
  const found = providers.find(provider => provider.address === address)
  if (found === undefined) throw new Error(`Nobody is ${address}`)
  return found
}

async function planOf(renter: Actor, wanted: Partial<PlacementNeeds>): Promise<PlacementPlan> {
  const placement = await renter.client.planRental({ ...needs, ...wanted })
  if (!placement.ok) throw new Error(`${placement.problem} ${placement.remedy}`)
  return placement.plan
}

async function rent(renter: Actor, plan: PlacementPlan): Promise<RunningPlacement> {
  const hash = await renter.client.rentMachines({ plan })
  const { leases, receipt } = await renter.client.waitForMachines({ plan, hash })
  return toRunningPlacement({ payer: renter.address, plan, leases, fromBlock: receipt.receipt.blockNumber })
}

const tokensOf = async (renter: Actor) => (await holdingsOf(stage, renter.address)).tokenWei

describe('three machines of three providers', () => {
  it('are rented by one user operation from an account without coin, each with a request that its own provider alone opens', async () => {
    const renter = await castRenter(stage, parseEther('2'))
    const plan = await planOf(renter, { machines: 3, spread: 'providers' })
    expect(plan.machines.map(({ region }) => region)).toEqual(['KR-Seoul', 'KR-Busan', 'JP-Tokyo'])
    expect(plan.maximumCostWei).toBe((3n * priceWei + 3n) * BigInt(seconds))

    const kept = new Map<string, string>()
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
    }
    const before = await tokensOf(renter)
    const hash = await renter.client.rentMachines({
      plan,
      accessKeys: accessKeyStore({ storage }),
      request: (_, index) => ({ image: `worker:${index}` }),
    })
    const { leases, escrowWei, receipt } = await renter.client.waitForMachines({ plan, hash })
    expect(leases.map(({ machine }) => machine)).toEqual(plan.machines)
    expect(escrowWei).toBe(plan.maximumCostWei)
    expect(kept.size).toBe(3)
    const bill = await billOf(stage, { transactionHash: receipt.receipt.transactionHash, userOpHash: hash })
    expect(await holdingsOf(stage, renter.address)).toEqual({
      nativeWei: 0n,
      depositWei: 0n,
      tokenWei: before - escrowWei - (bill.chargeWei ?? 0n),
    })
    for (const [index, { machine, leaseId }] of leases.entries()) {
      const own = providerOf(machine.provider)
      const opened = await own.client.openLeaseRequest({ leaseId, privateKeys: [own.sealingKey.privateKey] })
      expect(opened).toMatchObject({ ok: true, request: { image: `worker:${index}` } })
      const other = providers.find(({ address }) => address !== own.address)
      const privateKeys = other === undefined ? [] : [other.sealingKey.privateKey]
      expect(await own.client.openLeaseRequest({ leaseId, privateKeys })).toMatchObject({ ok: false })
    }
    for (const { leaseId } of leases) {
      await renter.client.waitForSettlement({ hash: await renter.client.stopLease({ leaseId }) })
    }
  })

  it('say of every offer why it was not taken', async () => {
    const renter = await castRenter(stage, 1n)
    const placement = await renter.client.planRental({ ...needs, machines: 3, spread: 'providers' })
    const reasons = new Map(placement.notTaken.map(({ offerId, code }) => [offerId, code]))
    const codeOf = (name: string) =>
      reasons.get(providers.find(provider => provider.name === name)?.offerId ?? 0n)
    expect([codeOf('osaka'), codeOf('far')]).toEqual(['dearer', 'region'])
    expect(placement.notTaken.every(({ why }) => why !== '')).toBe(true)
  })

  it('are all rented or none: when one offer is sold out meanwhile nothing is paid, whoever notices it', async () => {
    const renter = await castRenter(stage, parseEther('2'))
    const rival = await castRenter(stage, parseEther('2'))
    const plan = await planOf(renter, { machines: 3, spread: 'regions' })
    const [, second] = plan.machines
    if (second === undefined) throw new Error('Three machines are planned')
    const hash = await rival.client.rentInstance({ offerId: second.offerId, units: 4, seconds })
    const { leaseId } = await rival.client.waitForRental({ hash })
    const { contracts } = stage.devnet
    const [before, count] = [await holdingsOf(stage, renter.address), await leaseCount()]
    await expect(renter.client.rentMachines({ plan })).rejects.toThrow(/has 0 free.*Nothing was rented/s)
    // Past the SDK's own look at the offers it is the bundler that refuses.
    const calls = rentMachines.calls({ contracts, plan })
    await expect(sendBatch(renter.client, { contracts, calls })).rejects.toThrow('units')
    expect(await holdingsOf(stage, renter.address)).toEqual(before)
    expect(await leaseCount()).toBe(count)
    await rival.client.waitForSettlement({ hash: await rival.client.stopLease({ leaseId }) })
  })
})

describe('as many machines as one operation has room for', () => {
  it('are rented and stopped by one each; one more is refused before anybody signs, with what to do instead', async () => {
    const renter = await castRenter(stage, parseEther('2'))
    // Deployed, with an allowance for gas: the first operation has room for one machine less.
    await landed(renter, renter.client.transferToken({ to: renter.address, amountWei: 1n }))
    const tooMany = await planOf(renter, { machines: 15 })
    await expect(renter.client.rentMachines({ plan: tooMany })).rejects.toThrow(
      /rents 15 machines takes about \d+ bytes, and the bundler takes 8192.*several operations/s,
    )
    const before = await leaseCount()
    const placement = await rent(renter, await planOf(renter, { machines: 14 }))
    expect(await leaseCount()).toBe(before + 14n)
    const hash = await renter.client.stopMachines({ placement })
    await renter.client.waitForUserOperation({ hash })
    const { machines, spentWei } = await renter.client.getPlacement({ placement })
    expect(new Set(machines.map(({ lease }) => lease.state))).toEqual(new Set(['settled']))
    expect(spentWei).toBe(0n)
  })
})

describe('a machine that is lost', () => {
  it('because nobody accepted it is replaced by the next best within the budget, after a restart as before', async () => {
    const renter = await castRenter(stage, parseEther('2'))
    // To the wei what remains for the third when the second is lost.
    const budgetWei = (2n * priceWei + 2n) * BigInt(seconds)
    const plan = await planOf(renter, { machines: 2, spread: 'providers', budgetWei })
    const kept = writePlacement(await rent(renter, plan))
    const seoul = providerOf(plan.machines[0]?.provider ?? renter.address)
    const [firstId] = readPlacement(kept).leaseIds[0] ?? []
    await handOver(seoul, firstId ?? 0n)
    await mineBlocks(stage, pastAcceptBlocks)

    const placement = readPlacement(kept)
    const status = await renter.client.getPlacement({ placement })
    expect(status.machines.map(({ condition }) => condition)).toEqual(['running', 'lost'])
    expect(status).toMatchObject({ failures: 1, failedProviders: [plan.machines[1]?.provider] })
    expect(status.leftWei).toBe(budgetWei - priceWei * BigInt(seconds))
    await expect(renter.client.replaceMachine({ placement, index: 0 })).rejects.toThrow('is not lost')

    const before = await tokensOf(renter)
    const sent = await renter.client.replaceMachine({ placement, index: 1 })
    expect(sent.machine).toMatchObject({ region: 'JP-Tokyo', seconds })
    const replaced = await renter.client.waitForReplacement({ placement, ...sent })
    const after = await renter.client.getPlacement({ placement: replaced.placement })
    expect(after.machines.map(({ condition }) => condition)).toEqual(['running', 'waiting'])
    expect([after.leftWei, after.committedWei]).toEqual([0n, budgetWei])
    const bill = await billOf(stage, {
      transactionHash: await transactionOf(renter, sent.hash),
      userOpHash: sent.hash,
    })
    // What the lost lease held went into the new one, by the same operation.
    const refundWei = (priceWei + 1n) * BigInt(seconds)
    expect(await tokensOf(renter)).toBe(
      before + refundWei - sent.machine.maximumCostWei - (bill.chargeWei ?? 0n),
    )
    await stopAll(renter, replaced.placement)
  })

  it('because its provider went dark costs the provider its bond, and is replaced for the time that is left', async () => {
    const renter = await castRenter(stage, parseEther('2'))
    const plan = await planOf(renter, { machines: 1, budgetWei: parseEther('1') })
    const placement = await rent(renter, plan)
    const [leaseId = 0n] = placement.leaseIds[0] ?? []
    await handOver(providerOf(plan.machines[0]?.provider ?? renter.address), leaseId)
    await renter.client.waitForUserOperation({ hash: await renter.client.pingProvider({ leaseId }) })
    await mineBlocks(stage, pastPongBlocks)
    const { machines, leftWei } = await renter.client.getPlacement({ placement })
    expect(machines[0]).toMatchObject({ condition: 'lost', why: expect.stringContaining('ping') })
    expect(machines[0]?.lease.state).toBe('ready')

    const sent = await renter.client.replaceMachine({ placement, index: 0 })
    expect(sent.machine.provider).not.toBe(plan.machines[0]?.provider)
    expect(sent.machine.seconds).toBe(machines[0]?.secondsLeft)
    expect(sent.machine.seconds).toBeLessThan(seconds)
    const replaced = await renter.client.waitForReplacement({ placement, ...sent })
    const faulted = await renter.client.getLease({ leaseId })
    expect(faulted.state).toBe('faulted')
    const after = await renter.client.getPlacement({ placement: replaced.placement })
    expect(after.spentWei).toBe(faulted.costWei)
    expect(after.leftWei).toBe(leftWei - sent.machine.maximumCostWei)
    await stopAll(renter, replaced.placement)
  })

  it('because its provider stopped it is not replaced beyond the budget, the limit of failures, or by who failed', async () => {
    const renter = await castRenter(stage, parseEther('2'))
    const plan = await planOf(renter, { machines: 1, regions: { allow: ['JP'] } })
    expect(plan.budgetWei).toBe(plan.maximumCostWei)
    const placement = await rent(renter, plan)
    const [leaseId = 0n] = placement.leaseIds[0] ?? []
    const provider = providerOf(plan.machines[0]?.provider ?? renter.address)
    await landed(provider, provider.client.stopAsProvider({ leaseId }))
    const { machines } = await renter.client.getPlacement({ placement })
    expect(machines[0]).toMatchObject({ condition: 'lost', why: expect.stringContaining('stopped it') })
    const refused = (changes: object) => renter.client.replaceMachine({ placement, index: 0, ...changes })
    await expect(refused({})).rejects.toThrow(/above the budget/)
    await expect(refused({ maximumFailures: 1 })).rejects.toThrow(/lost so far: 1; the limit is 1/)
    const richer = { ...placement, plan: { ...plan, budgetWei: parseEther('1') } }
    const sent = await renter.client.replaceMachine({ placement: richer, index: 0 })
    expect(sent.machine.region).toBe('JP-Osaka')
    const replaced = await renter.client.waitForReplacement({ placement: richer, ...sent })
    await stopAll(renter, replaced.placement)
  })
})

async function stopAll(renter: Actor, placement: RunningPlacement): Promise<void> {
  const { machines } = await renter.client.getPlacement({ placement })
  for (const { condition, lease } of machines) {
    if (condition !== 'waiting' && condition !== 'running') continue
    const { leaseId } = lease
    await renter.client.waitForSettlement({ hash: await renter.client.stopLease({ leaseId }) })
  }
}

async function transactionOf(renter: Actor, hash: Hex): Promise<Hex> {
  return (await renter.client.waitForUserOperation({ hash })).receipt.transactionHash
}

async function leaseCount(): Promise<bigint> {
  const { instanceLease } = stage.devnet.contracts
  return await stage.client.readContract({
    address: instanceLease,
    abi: [
      {
        type: 'function',
        name: 'leaseCount',
        inputs: [],
        outputs: [{ type: 'uint256' }],
        stateMutability: 'view',
      },
    ],
    functionName: 'leaseCount',
  })
}
