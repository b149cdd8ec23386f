// Bounds on what the operator can lose to operations that pay afterwards: for one sender and for all, a day.
import type { Budget } from '../ledger/budget.ts'
import { windowName } from '../ledger/budgetWindow.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { lowerCase } from './sponsorshipPolicy.ts'

/** Wei of gas cost a day that may be lost, or be at stake. */
export type DeferredRisk = { readonly perSenderWei: bigint; readonly globalWei: bigint }

export function deferredRiskBudgets(options: {
  readonly risk: DeferredRisk
  readonly operation: Pick<RequestedOperation, 'sender'>
  readonly nowSeconds: number
  readonly maxCostWei: bigint
}): readonly Budget[] {
  const { risk, operation, nowSeconds, maxCostWei } = options
  const day = windowName('day', nowSeconds)
  const common = { consumes: 'loss', holdWei: maxCostWei } as const
  return [
    {
      ...common,
      id: `deferred/global/${day}`,
      name: 'what is lent to first-time payers in a day',
      limitWei: risk.globalWei,
    },
    {
      ...common,
      id: `deferred/${lowerCase(operation.sender)}/${day}`,
      name: 'what is lent to one first-time payer in a day',
      limitWei: risk.perSenderWei,
    },
  ]
}
