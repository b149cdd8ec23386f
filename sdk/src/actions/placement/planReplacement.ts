// Chooses the machine that takes a lost one's place: for the time and the money that are left, beside those that stand.
import type { Client } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { ComputeError } from '../../errors/computeError.ts'
import type { MachineStatus, PlacementStatus } from './getPlacement.ts'
import type { PlacementNeeds } from './needs.ts'
import type { PlannedMachine } from './plan.ts'
import { readPlacementOffers } from './readPlacementOffers.ts'
import type { RunningPlacement } from './runningPlacement.ts'

export async function planReplacement(
  chainClient: Client,
  options: WithContracts & {
    readonly placement: RunningPlacement
    readonly status: PlacementStatus
    readonly lost: MachineStatus
    readonly seconds?: number | undefined
  },
): Promise<PlannedMachine> {
  const { contracts, placement, status, lost } = options
  const needs = replacementNeeds(options)
  const offers = await readPlacementOffers(chainClient, { contracts })
  const { choosePlacement } = await import('./choosePlacement.ts')
  const standing = status.machines.filter(
    ({ condition }) => condition === 'waiting' || condition === 'running',
  )
  const chosen = choosePlacement(offers, needs, {
    beside: standing.map(({ lease, offer }) => ({ provider: lease.provider, region: offer.region })),
    maximumMachines: 1,
  })
  const [machine] = chosen.ok ? chosen.plan.machines : []
  if (machine !== undefined) return machine
  throw new ComputeError({
    problem: `Machine ${lost.index} was lost (${lost.why}) and nothing can take its place: ${chosen.ok ? '' : chosen.problem}`,
    remedy: `${chosen.ok ? '' : chosen.remedy} Of the budget of ${placement.plan.budgetWei} token wei ${status.leftWei} are left.`,
  })
}

/** A machine among the wanted GPUs has to bring as many as the one it replaces. */
export function replacementNeeds(options: {
  readonly placement: RunningPlacement
  readonly status: PlacementStatus
  readonly lost: MachineStatus
  readonly seconds?: number | undefined
}): PlacementNeeds {
  const { placement, status, lost, seconds = lost.secondsLeft } = options
  const { needs, machines } = placement.plan
  return {
    ...needs,
    ...(needs.gpus === undefined ? { machines: 1 } : { gpus: machines[lost.index]?.gpus }),
    seconds,
    budgetWei: status.leftWei > 0n ? status.leftWei : 0n,
    denyProviders: [...(needs.denyProviders ?? []), ...status.failedProviders],
  }
}
