// The budgets that a sponsored operation draws on: its policy's as a whole, its sender's share and its API key's, each in
// the windows that the policy names.
import type { Budget } from '../ledger/budget.ts'
import { windowName, windowWords } from '../ledger/budgetWindow.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import type { ShownToken } from '../tokenAmount.ts'
import { limitsOf, lowerCase, type Policy, type ScopedLimits } from './sponsorshipPolicy.ts'

export type BudgetQuestion = {
  readonly policy: Policy
  readonly operation: Pick<RequestedOperation, 'sender'>
  readonly apiKeyId?: string | undefined
  readonly nowSeconds: number
  readonly maxCostWei: bigint
  /** What its calls may spend of the token; not known where nobody asks. */
  readonly tokenSpendWei?: bigint | undefined
  /** By which budgets in it are told; not known where nobody reads of them. */
  readonly token?: ShownToken | undefined
}

export function policyBudgets(question: BudgetQuestion): readonly Budget[] {
  return limitsOf(question.policy).flatMap(limits => budgetsOf(limits, question))
}

function budgetsOf(limits: ScopedLimits, question: BudgetQuestion): readonly Budget[] {
  const { policy, nowSeconds, maxCostWei, tokenSpendWei = 0n, token } = question
  const whose = scopeOf(limits, question)
  if (whose === undefined) return []
  const { costWei, tokenWei, operations, window } = limits
  const place = `policy/${policy.id}/${whose.id}`
  const ofWindow = `of policy "${policy.id}"${windowWords(window)}`
  const budgets: Budget[] = []
  if (costWei !== undefined || operations !== undefined || tokenWei === undefined) {
    budgets.push({
      id: `${place}/${windowName(window, nowSeconds)}`,
      name: `${whose.name} ${ofWindow}`,
      ...(costWei === undefined ? {} : { limitWei: costWei }),
      ...(operations === undefined ? {} : { limitOperations: operations }),
      consumes: 'cost',
      holdWei: maxCostWei,
    })
  }
  if (tokenWei !== undefined) {
    budgets.push({
      id: `${place}/token/${windowName(window, nowSeconds)}`,
      name: `${whose.name} in the token ${ofWindow}`,
      limitWei: tokenWei,
      consumes: 'token',
      ...(token && { shownIn: token }),
      holdWei: tokenSpendWei,
    })
  }
  return budgets
}

/** Absent where the limit is not this operation's: of an API key, and it was asked without one. */
function scopeOf(
  { scope }: ScopedLimits,
  { operation, apiKeyId }: BudgetQuestion,
): { readonly id: string; readonly name: string } | undefined {
  if (scope === 'global') return { id: 'global', name: 'the budget' }
  if (scope === 'sender') return { id: lowerCase(operation.sender), name: "the sender's share" }
  return apiKeyId === undefined ? undefined : { id: `key:${apiKeyId}`, name: "the API key's share" }
}
