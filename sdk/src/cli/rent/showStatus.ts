// Says how the machines of a placement stand, and the way into those that are ready.
import type { PlacementStatus } from '../../actions/placement/getPlacement.ts'
import type { RunningPlacement } from '../../actions/placement/runningPlacement.ts'
import { table, tokensOf } from './table.ts'

/** `ways`: by a machine's place, how to reach it. */
export function showStatus(
  placement: RunningPlacement,
  status: PlacementStatus,
  ways: ReadonlyMap<number, string>,
): string {
  const rows = status.machines.map(({ index, lease, offer, condition, secondsLeft }) => [
    `${index}`,
    `${lease.leaseId}`,
    offer.region,
    offer.gpuModel,
    condition,
    `${secondsLeft}`,
    tokensOf(lease.costWei),
    ways.get(index) ?? '',
  ])
  const columns = [
    { title: '#', align: 'right' },
    { title: 'lease', align: 'right' },
    { title: 'region' },
    { title: 'GPU' },
    { title: 'is' },
    { title: 'seconds left', align: 'right' },
    { title: 'cost', align: 'right' },
    { title: 'reached by' },
  ] as const
  const lost = status.machines
    .filter(({ condition }) => condition !== 'running' && condition !== 'waiting')
    .map(({ index, condition, why }) => `  ${index} is ${condition}: ${why}`)
  const { budgetWei } = placement.plan
  return [
    table(columns, rows),
    ...(lost.length === 0 ? [] : ['', ...lost]),
    '',
    `Spent ${tokensOf(status.spentWei)} of ${tokensOf(budgetWei)} tokens; ${tokensOf(status.leftWei)} are left for other machines. ${status.failures} lost so far. Block ${status.blockNumber}.`,
  ].join('\n')
}
