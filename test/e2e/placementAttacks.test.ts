// What others can do to a renter of several machines: overtake it, offer what cannot be rented, fail over and over.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { offerBookAbi } from '@worldland-aa/sdk/abi/offerBook'
import { openLeaseCall } from '@worldland-aa/sdk/actions/lease/rentInstance'
import type { PlacementPlan } from '@worldland-aa/sdk/actions/placement/plan'
import {
  type RunningPlacement,
  toRunningPlacement,
} from '@worldland-aa/sdk/actions/placement/runningPlacement'
import { createTestClient, http, parseEther } from 'viem'
import { worldLand } from 'viem/chains'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../scripts/demo/actor.ts'
import { devnetStage, settled } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { landed } from '../support/marketCast.ts'
import { billOf, giveTokens, holdingsOf } from '../support/money.ts'
import {
  castProviders,
  castRenter,
  type PlacementProvider,
  placementModel,
} from '../support/placementCast.ts'

// A machine under load takes long to estimate, and is no caller to be limited.
const stage = devnetStage({
  serving: false,
  daemonSettings: { bundler: { unpaidMillisecondsPerSecond: 0 } },
})
const priceWei = parseEther('0.0001')
const needs = { gpuModels: [placementModel], seconds: 600 } as const

let providers: readonly PlacementProvider[]
beforeAll(async () => {
  providers = await castProviders(
    stage,
    ['A', 'B', 'C', 'D'].map((region, index) => ({
      name: region,
      region,
      pricePerSecondWei: priceWei + BigInt(index),
    })),
  )
}, 120_000)

async function planOf(renter: Actor, machines: number): Promise<PlacementPlan> {
  const placement = await renter.client.planRental({ ...needs, machines, spread: 'providers' })
  if (!placement.ok) throw new Error(`${placement.problem} ${placement.remedy}`)
  return placement.plan
}

async function rent(renter: Actor, plan: PlacementPlan): Promise<RunningPlacement> {
  const hash = await renter.client.rentMachines({ plan })
  const { leases, receipt } = await renter.client.waitForMachines({ plan, hash })
  return toRunningPlacement({ payer: renter.address, plan, leases, fromBlock: receipt.receipt.blockNumber })
}

describe('a renter of several machines', () => {
  it('attack: who takes one machine in the very block leaves it with none, and with its money but for gas', async () => {
    const { devnet, faucet, client } = stage
    const { contracts } = devnet
    const renter = await castRenter(stage, parseEther('2'))
    const plan = await planOf(renter, 3)
    const [, coveted] = plan.machines
    if (coveted === undefined) throw new Error('Three machines are planned')
    await giveTokens(stage, faucet.account.address, parseEther('1'))
    const token = { address: contracts.token, abi: computeTokenAbi } as const
    const approval = {
      ...token,
      functionName: 'approve',
      args: [contracts.instanceLease, parseEther('1')],
    } as const
    await settled(faucet, await faucet.writeContract(approval))

    const node = createTestClient({ mode: 'anvil', chain: worldLand, transport: http(devnet.rpcUrl) })
    await node.setIntervalMining({ interval: 0 })
    const hash = await renter.client.rentMachines({ plan })
    await eventually(
      'the bundle waiting for its block',
      async () => (await node.getTxpoolStatus()).pending,
      pending => pending > 0,
    )
    const { offerId, pricePerSecondWei } = coveted
    const theft = openLeaseCall({
      contracts,
      offerId,
      units: 4,
      seconds: 600,
      maximumPricePerSecondWei: pricePerSecondWei,
    })
    const overtaking = { maxPriorityFeePerGas: parseEther('0.00001'), maxFeePerGas: parseEther('0.00002') }
    const stolen = await faucet.sendTransaction({ ...theft, ...overtaking, gas: 1_000_000n })
    await node.mine({ blocks: 1 })
    await node.setIntervalMining({ interval: 1 })
    await settled(faucet, stolen)

    await expect(renter.client.waitForMachines({ plan, hash })).rejects.toThrow('landed but was undone')
    const opened = await renter.client.findMachines({
      payer: renter.address,
      machines: plan.machines,
      fromBlock: 0n,
    })
    expect(opened).toBeUndefined()
    const [operation] = await client.getContractEvents({
      address: devnet.entryPoint,
      abi: entryPoint07Abi,
      eventName: 'UserOperationEvent',
      args: { userOpHash: hash },
      fromBlock: 0n,
    })
    const transactionHash = operation?.transactionHash ?? '0x'
    const { success, chargeWei = 0n } = await billOf(stage, { transactionHash, userOpHash: hash })
    expect(success).toBe(false)
    // Not a second of the three machines was paid.
    expect((await holdingsOf(stage, renter.address)).tokenWei).toBe(parseEther('2') - chargeWei)
    const allowance = {
      ...token,
      functionName: 'allowance',
      args: [renter.address, contracts.instanceLease],
    } as const
    expect(await client.readContract(allowance)).toBe(0n)
  })

  it('attack: an offer of a market of its own, however cheap, is never planned', async () => {
    const [first] = providers
    if (first === undefined) throw new Error('There are providers')
    const market = first.address
    await landed(first, first.client.allowMarket({ market, allowed: true }))
    const bait = {
      gpuModel: placementModel,
      vramGiB: 80,
      region: 'A',
      capacityUnits: 9,
      pricePerSecondWei: 1n,
    }
    const terms = { bondPerUnitWei: 1n, minimumSeconds: 1, maximumSeconds: 86_400, market }
    await landed(first, first.client.postOffer({ ...bait, ...terms }))
    const { offerBook } = stage.devnet.contracts
    const baitId = await stage.client.readContract({
      address: offerBook,
      abi: offerBookAbi,
      functionName: 'offerCount',
    })
    expect(await first.client.getOffer({ offerId: baitId })).toMatchObject({ market, pricePerSecondWei: 1n })
    const placement = await first.client.planRental({ ...needs, machines: 1, minimumBondSeconds: 0 })
    expect(placement).toMatchObject({ ok: true, plan: { machines: [{ pricePerSecondWei: priceWei }] } })
    expect(placement.notTaken.map(({ offerId }) => offerId)).not.toContain(baitId)
  })

  it('blames nobody and replaces nothing where a reorganisation took a lease, or gave its id to another', async () => {
    const [renter, other] = [
      await castRenter(stage, parseEther('2')),
      await castRenter(stage, parseEther('2')),
    ]
    const placement = await rent(renter, await planOf(renter, 1))
    const [[own = 0n] = []] = placement.leaseIds
    const foreign = await rent(other, await planOf(other, 1))
    for (const leaseIds of [[[own + 1_000n]], foreign.leaseIds]) {
      const status = await renter.client.getPlacement({ placement: { ...placement, leaseIds } })
      expect(status.machines).toMatchObject([{ condition: 'gone', secondsLeft: 600 }])
      expect(status).toMatchObject({ failures: 0, failedProviders: [], spentWei: 0n, committedWei: 0n })
      const replacing = renter.client.replaceMachine({ placement: { ...placement, leaseIds }, index: 0 })
      await expect(replacing).rejects.toThrow('is not lost')
    }
    for (const [{ client }, rented] of [
      [renter, placement],
      [other, foreign],
    ] as const) {
      await client.waitForUserOperation({ hash: await client.stopMachines({ placement: rented }) })
      await expect(client.stopMachines({ placement: rented })).rejects.toThrow('have ended already')
    }
  })

  it('watched, replaces by itself whoever fails, and ends where the failures are too many', async () => {
    const renter = await castRenter(stage, parseEther('2'))
    const plan = { ...(await planOf(renter, 1)), budgetWei: parseEther('1') }
    let running = await rent(renter, plan)
    const served: string[] = []
    const refusal = await new Promise<unknown>(resolve => {
      const unwatch = renter.client.watchPlacement({
        placement: () => running,
        async onStep({ status }) {
          const [machine] = status.machines
          if (machine === undefined) throw new Error('One machine is watched')
          if (machine.condition === 'lost') {
            const sent = await renter.client.replaceMachine({
              placement: running,
              index: 0,
              maximumFailures: 2,
            })
            running = (await renter.client.waitForReplacement({ placement: running, ...sent })).placement
          } else {
            served.push(machine.offer.region)
            const { provider, leaseId } = machine.lease
            const failing = providers.find(({ address }) => address === provider)
            if (failing !== undefined) await landed(failing, failing.client.stopAsProvider({ leaseId }))
          }
        },
        onError(error) {
          unwatch()
          resolve(error)
        },
      })
    })
    expect(String(refusal)).toContain('lost so far: 2; the limit is 2')
    expect(new Set(served).size).toBe(2)
    expect(running.leaseIds[0]).toHaveLength(2)
    const { spentWei, leftWei } = await renter.client.getPlacement({ placement: running })
    expect([spentWei, leftWei]).toEqual([0n, parseEther('1')])
  })
})
