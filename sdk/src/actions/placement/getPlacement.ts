// Reads how a rented placement stands: each machine, who failed, and what is left of the budget, all at one block.
import { type Address, type Client, type GetBlockNumberErrorType, isAddressEqual } from 'viem'
import { getBlockNumber, getContractEvents } from 'viem/actions'
import * as instanceLease from '../../abi/instanceLease.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { goneLease } from '../../placement/goneLease.ts'
import { type MachineCondition, machineCondition } from '../../placement/machineCondition.ts'
import { placementSums } from '../../placement/placementSums.ts'
import { type GetLeaseErrorType, getLease } from '../lease/getLease.ts'
import type { Lease } from '../lease/lease.ts'
import { getOffer } from '../market/getOffer.ts'
import type { Offer } from '../market/offer.ts'
import type { PlannedMachine } from './plan.ts'
import type { RunningPlacement } from './runningPlacement.ts'

export type GetPlacementParameters = WithContracts & {
  readonly placement: RunningPlacement
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
export type MachineStatus = {
  /** Its place in the plan. */
  readonly index: number
  /** The present lease: the last one. */
  readonly lease: Lease
  readonly offer: Offer
  /** `lost` machines are to be replaced; `ended` ones have done their time or were stopped by the renter. */
  readonly condition: MachineCondition
  /** As a sentence without its subject. */
  readonly why: string
  /** Of the time that was planned, what none of its leases has served. */
  readonly secondsLeft: number
}
export type PlacementStatus = {
  readonly machines: readonly MachineStatus[]
  /** Leases that were lost so far, and whose they were. */
  readonly failures: number
  readonly failedProviders: readonly Address[]
  /** Token wei earned by providers so far. */
  readonly spentWei: bigint
  /** Token wei spent if whatever runs or waits runs to its end. */
  readonly committedWei: bigint
  /** Token wei of the budget that may go into other machines. */
  readonly leftWei: bigint
  /** The block all this was read at. */
  readonly blockNumber: bigint
}
export type GetPlacementReturnType = PlacementStatus
export type GetPlacementErrorType = GetLeaseErrorType | GetBlockNumberErrorType

/**
 * Returns how a rented placement stands: what became of each machine, who failed, and what is left of the budget.
 *
 * @example
 * import { getPlacement } from '@worldland-aa/sdk/actions/placement/getPlacement'
 *
 * const { machines, leftWei } = await getPlacement(publicClient, { contracts, placement })
 * const lost = machines.filter(({ condition }) => condition === 'lost')
 */
export async function getPlacement(
  client: Client | SmartAccountClient,
  parameters: GetPlacementParameters,
): Promise<GetPlacementReturnType> {
  const { contracts, placement } = parameters
  const chainClient = chainClientOf(client)
  const blockNumber = parameters.blockNumber ?? (await getBlockNumber(chainClient, { cacheTime: 0 }))
  const at = { contracts, placement, blockNumber }
  const machines = await Promise.all(
    placement.leaseIds.map((ids, index) => readMachine(chainClient, { ...at, ids, index })),
  )
  const leases = machines.flatMap(({ all }) => all)
  const lost = leases.filter(({ condition }) => condition === 'lost')
  return {
    machines: machines.map(({ all: _, ...machine }) => machine),
    failures: lost.length,
    failedProviders: [...new Set(lost.map(({ lease }) => lease.provider))],
    ...placementSums(leases, placement.plan.budgetWei),
    blockNumber,
  }
}

type Place = GetPlacementParameters & { readonly blockNumber: bigint }
type JudgedLease = Pick<MachineStatus, 'lease' | 'condition' | 'why'>

async function readMachine(
  client: Client,
  place: Place & { readonly ids: readonly bigint[]; readonly index: number },
): Promise<MachineStatus & { readonly all: readonly JudgedLease[] }> {
  const { contracts, placement, ids, index, blockNumber } = place
  const planned = placement.plan.machines[index]
  if (planned === undefined) throw new Error(`The plan has no machine ${index}`)
  const all = await Promise.all(ids.map(leaseId => judgeLease(client, { ...place, planned, leaseId })))
  const present = all.at(-1)
  if (present === undefined) throw new Error(`Machine ${index} has no lease`)
  const usedSeconds = all.reduce((sum, { lease }) => sum + lease.usedSeconds, 0)
  return {
    index,
    ...present,
    offer: await getOffer(client, { contracts, offerId: present.lease.offerId, blockNumber }),
    secondsLeft: Math.max(0, planned.seconds - usedSeconds),
    all,
  }
}

async function judgeLease(
  client: Client,
  place: Place & { readonly planned: PlannedMachine; readonly leaseId: bigint },
): Promise<JudgedLease> {
  const { payer } = place.placement
  const lease = await readOwnLease(client, place)
  const isStopped = lease.state === 'stopped' || lease.state === 'settled'
  const stoppedBy = isStopped ? await readStopper(client, place) : undefined
  return { lease, ...machineCondition(lease, { payer, stoppedBy }) }
}

/** After a reorganisation the id may be nobody's, or another's. */
async function readOwnLease(
  client: Client,
  {
    contracts,
    placement,
    planned,
    leaseId,
    blockNumber,
  }: Place & { planned: PlannedMachine; leaseId: bigint },
): Promise<Lease> {
  const gone = goneLease(leaseId, planned, blockNumber)
  const lease = await getLease(client, { contracts, leaseId, blockNumber }).catch((error: unknown) => {
    if (error instanceof ComputeError && error.errorName === 'UnknownLease') return gone
    throw error
  })
  return isAddressEqual(lease.payer, placement.payer) ? lease : gone
}

/** Within so many blocks a reorganisation may have moved the opening back. */
const reorgBlocks = 64n

async function readStopper(
  client: Client,
  { contracts, placement, leaseId, blockNumber }: Place & { readonly leaseId: bigint },
): Promise<Address | undefined> {
  const [log] = await getContractEvents(client, {
    address: contracts.instanceLease,
    abi: [instanceLease.LeaseStopped],
    eventName: 'LeaseStopped',
    args: { leaseId },
    fromBlock: placement.fromBlock > reorgBlocks ? placement.fromBlock - reorgBlocks : 0n,
    toBlock: blockNumber,
    strict: true,
  })
  return log?.args.stoppedBy
}
