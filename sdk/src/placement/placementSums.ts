// Counts what a placement has cost and may still cost, to the wei, from its leases as the chain has them.
import type { Lease } from '../actions/lease/lease.ts'
import type { MachineCondition } from './machineCondition.ts'

export type JudgedLease = { readonly lease: Lease; readonly condition: MachineCondition }

export type PlacementSums = {
  /** Token wei earned by providers and brokers so far. */
  readonly spentWei: bigint
  /** Token wei spent if whatever runs or waits runs to its end. */
  readonly committedWei: bigint
  /** Token wei of the budget that may go into other machines; below 0 if leases were extended beyond it. */
  readonly leftWei: bigint
}

/** Half a faulty provider's bond comes to the payer besides: damages, which are not counted as budget. */
export function placementSums(leases: readonly JudgedLease[], budgetWei: bigint): PlacementSums {
  const sum = (amount: (judged: JudgedLease) => bigint) =>
    leases.reduce((total, judged) => total + (judged.condition === 'gone' ? 0n : amount(judged)), 0n)
  const spentWei = sum(({ lease }) => lease.costWei)
  const committedWei = sum(({ lease, condition }) =>
    condition === 'waiting' || condition === 'running' ? lease.escrowWei : lease.costWei,
  )
  return { spentWei, committedWei, leftWei: budgetWei - committedWei }
}
