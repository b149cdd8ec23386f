import { decodeFunctionData } from 'viem'
import { describe, expect, it } from 'vitest'
import { computeTokenAbi } from '../../abi/computeToken.ts'
import { instanceLeaseAbi } from '../../abi/instanceLease.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { placementOffer } from '../../placement/testing/smallMarket.ts'
import { choosePlacement } from './choosePlacement.ts'
import { rentMachines } from './rentMachines.ts'

const contracts = {
  token: `0x${'1'.repeat(40)}`,
  instanceLease: `0x${'2'.repeat(40)}`,
  paymaster: `0x${'3'.repeat(40)}`,
} as unknown as ComputeContracts

const offers = [1n, 2n, 3n].map(offerId =>
  placementOffer({
    offerId,
    provider: Number(offerId),
    price: offerId * 100n,
    free: 2,
    bond: 10n ** 9n,
    availableBond: 10n ** 12n,
  }),
)
const placement = choosePlacement(offers, {
  machines: 3,
  seconds: 60,
  spread: 'providers',
  unitsPerMachine: 2,
})
if (!placement.ok) throw new Error(placement.problem)
const { plan } = placement

describe('the calls of several machines', () => {
  it('approve once, to the wei, what the leases may take together', () => {
    const [approval, ...opens] = rentMachines.calls({ contracts, plan })
    const { args } = decodeFunctionData({ abi: computeTokenAbi, data: approval?.data ?? '0x' })
    expect(approval?.to).toBe(contracts.token)
    expect(args).toEqual([contracts.instanceLease, plan.maximumCostWei])
    const takenWei = opens.reduce((sum, { data }) => {
      const open = decodeFunctionData({ abi: instanceLeaseAbi, data })
      const [, units, seconds, priceWei] = open.args as unknown as readonly [bigint, number, number, bigint]
      return sum + BigInt(units) * BigInt(seconds) * priceWei
    }, 0n)
    expect(takenWei).toBe(plan.maximumCostWei)
  })

  it('attack: a plan from a file that was tampered with approves no more than its leases take', () => {
    const machines = plan.machines.map(machine => ({ ...machine, maximumCostWei: 10n ** 30n }))
    const [approval] = rentMachines.calls({ contracts, plan: { machines } })
    const { args } = decodeFunctionData({ abi: computeTokenAbi, data: approval?.data ?? '0x' })
    expect(args?.[1]).toBe(plan.maximumCostWei)
  })

  it('have each its own sealed request, and are refused when these are too few', () => {
    const sealedRequests = ['0x01', '0x02', '0x03'] as const
    const opens = rentMachines.calls({ contracts, plan, sealedRequests }).slice(1)
    const requests = opens.map(({ data }) => decodeFunctionData({ abi: instanceLeaseAbi, data }).args?.at(-1))
    expect(requests).toEqual(sealedRequests)
    expect(() => rentMachines.calls({ contracts, plan, sealedRequests: ['0x01'] })).toThrow(
      '1 sealed requests for 3',
    )
    expect(() => rentMachines.calls({ contracts, plan: { machines: [] } })).toThrow('no machines')
  })
})
