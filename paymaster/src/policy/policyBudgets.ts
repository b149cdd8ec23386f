// The budgets that a sponsored operation draws on: its policy's as a whole and its sender's share.
import type { Budget } from '../ledger/budget.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { type BudgetLimits, type BudgetWindow, lowerCase, type Policy } from './sponsorshipPolicy.ts'

export function policyBudgets(options: {
  readonly policy: Policy
  readonly operation: Pick<RequestedOperation, 'sender'>
  readonly nowSeconds: number
  readonly maxCostWei: bigint
}): readonly Budget[] {
  const { policy, operation, nowSeconds, maxCostWei } = options
  const budget = (scope: string, name: string, limits: BudgetLimits): Budget => ({
    id: `policy/${policy.id}/${scope}/${windowName(limits.window, nowSeconds)}`,
    name: `${name} of policy "${policy.id}"${limits.window === 'day' ? ' for today (UTC)' : ''}`,
    ...(limits.costWei === undefined ? {} : { limitWei: limits.costWei }),
    ...(limits.operations === undefined ? {} : { limitOperations: limits.operations }),
    consumes: 'cost',
    holdWei: maxCostWei,
  })
  const budgets = [budget('global', 'the budget', policy.global)]
  if (policy.perSender !== undefined) {
    budgets.push(budget(lowerCase(operation.sender), "the sender's share", policy.perSender))
  }
  return budgets
}

/** A budget counts in the window in which its operation was signed, also when that lands in the next. */
export function windowName(window: BudgetWindow, nowSeconds: number): string {
  return window === 'total' ? 'total' : new Date(nowSeconds * 1000).toISOString().slice(0, 10)
}
