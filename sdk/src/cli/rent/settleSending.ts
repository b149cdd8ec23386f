// Finds out what became of an operation that an earlier run sent and did not see land: by its hash, or, if it was stopped
// before it had one, by what the chain says that the account opened.
import { getBlockNumber } from 'viem/actions'
import { BlocksElapsedError } from '../../account/pollByBlocks.ts'
import type { PlannedMachine } from '../../actions/placement/plan.ts'
import {
  type RunningPlacement,
  toRunningPlacement,
  withReplacement,
} from '../../actions/placement/runningPlacement.ts'
import { chainClientOf } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import type { Renter } from './network.ts'
import type { Sending, StateFile } from './stateFile.ts'

/** Within these an operation lands, or it never arrived. */
const patienceBlocks = 60n

/** The placement as it is then; undefined: nothing was rented yet. */
export async function settleSending(renter: Renter, file: StateFile): Promise<RunningPlacement | undefined> {
  const { placement, sending } = file.read()
  if (sending === undefined) return placement
  const machines = sending.machine === undefined ? sending.plan?.machines : [sending.machine]
  if (machines === undefined) throw new Error('What was sent is not known')
  const sent = { sending, machines, placement }
  const found = (await waitFor(renter, file, sent)) ?? (await lookFor(renter, sent))
  if (found === undefined) {
    file.change({ sending: undefined })
    return placement
  }
  const settled = withLeases(renter, { sending, placement, ...found })
  file.change({ placement: settled, sending: undefined })
  return settled
}

type Sent = {
  readonly sending: Sending
  readonly machines: readonly PlannedMachine[]
  readonly placement: RunningPlacement | undefined
}
type Found = { readonly leases: readonly { readonly leaseId: bigint }[]; readonly blockNumber: bigint }

/** Undefined: there is no hash to wait for, or nobody knows it any more. */
async function waitFor(
  renter: Renter,
  file: StateFile,
  { sending, machines }: Sent,
): Promise<Found | undefined> {
  const { hash } = sending
  if (hash === undefined) return undefined
  try {
    const { leases, receipt } = await renter.waitForMachines({ hash, plan: { machines } })
    return { leases, blockNumber: receipt.receipt.blockNumber }
  } catch (error) {
    if (error instanceof BlocksElapsedError) return undefined
    // It was dropped or undone, so nothing was rented; a node or bundler that does not answer says nothing of it.
    const isOver = error instanceof ComputeError && (error.source === 'sdk' || error.source === 'contract')
    if (isOver) file.change({ sending: undefined })
    throw error
  }
}

/** Undefined: nothing was opened, and nothing will be. */
async function lookFor(renter: Renter, { sending, machines, placement }: Sent): Promise<Found | undefined> {
  const { fromBlock } = sending
  const except = placement?.leaseIds.flat() ?? []
  const head = await getBlockNumber(chainClientOf(renter), { cacheTime: 0 })
  const found = await renter.findMachines({ payer: renter.account.address, machines, fromBlock, except })
  if (found !== undefined || head > fromBlock + patienceBlocks) return found
  throw new ComputeError({
    problem: `An earlier run was stopped while it was sending, and ${machines.length} leases may open yet.`,
    remedy: `Ask again after block ${fromBlock + patienceBlocks}: what has not landed by then was never sent.`,
  })
}

function withLeases(
  renter: Renter,
  options: Found & { readonly sending: Sending; readonly placement: RunningPlacement | undefined },
): RunningPlacement {
  const { sending, placement, leases, blockNumber } = options
  const [first] = leases
  if (placement !== undefined && sending.index !== undefined && first !== undefined) {
    return withReplacement(placement, sending.index, first.leaseId)
  }
  if (sending.plan === undefined) throw new Error('What was sent belongs to no placement')
  const payer = renter.account.address
  return toRunningPlacement({ payer, plan: sending.plan, leases, fromBlock: blockNumber })
}
