// What a policy would say of an operation, rule by rule: by the same judges as a real request, on the newest block, but
// nothing is reserved, signed or asked of a webhook, and one refusal does not hide what the others would say.
import { accept, type Refusal, type Result } from '@worldland-aa/service/result'
import { isDeniedFor } from '../denial.ts'
import type { Reservation } from '../ledger/reserve.ts'
import { maxCostWei } from '../pricing/maxCost.ts'
import { hasGas, type RequestedOperation } from '../requestedOperation.ts'
import { judgeGas } from './gasLimits.ts'
import { judgeSponsoredExecution } from './judgeExecution.ts'
import type { DecisionOptions } from './policy.ts'
import { policyBudgets } from './policyBudgets.ts'
import type { RuleName, RuleOutcome } from './ruleOutcome.ts'
import { judgeByOne, outcomeOf } from './sponsorMode.ts'
import { type Policy, validityOf } from './sponsorshipPolicy.ts'
import { unsentBudgets } from './unsentBudgets.ts'

export type DryRunQuestion = {
  readonly policy: Policy
  readonly operation: RequestedOperation
  readonly nowSeconds: number
  readonly apiKeyId?: string | undefined
}

export type DryRunReport = {
  readonly isSponsored: boolean
  readonly maxCostWei?: bigint
  readonly tokenSpendWei?: bigint
  /** The first. */
  readonly refusal?: Refusal
  readonly outcomes: readonly RuleOutcome[]
}

export type DryRunner = (question: DryRunQuestion) => Promise<DryRunReport>

export function createDryRun(
  options: DecisionOptions & { readonly tryReserve: (reservation: Reservation) => Promise<Result<void>> },
): DryRunner {
  /** As if one caller alone asked. */
  function budgetsOf(question: DryRunQuestion, costWei: bigint, tokenSpendWei: bigint | undefined) {
    const { policy, operation } = question
    const { unsentShares: shares, deferredRisk } = options
    const common = { caller: 'dry run', sender: operation.sender, maxCostWei: costWei } as const
    return [
      ...policyBudgets({ ...question, maxCostWei: costWei, tokenSpendWei, token: options.facts?.token }),
      ...unsentBudgets({ ...common, shares, deferredRisk, mode: 'sponsor', policy }),
    ]
  }

  return async question => {
    const { policy, operation, nowSeconds, apiKeyId } = question
    const outcomes: RuleOutcome[] = []
    let refusal: Refusal | undefined
    const note = (rule: RuleName, result: Result<unknown>, detail: string): void => {
      outcomes.push(outcomeOf(rule, result, detail))
      if (!result.ok) refusal ??= result.refusal
    }
    const leaveOut = (rule: RuleName, detail: string): void => {
      outcomes.push({ rule, passed: null, detail })
    }

    const gas = judgeGas(operation, options.gasBounds)
    note('gas', gas, hasGas(operation) ? 'gas limits and fees are within bounds' : 'not estimated yet')
    const judged = await judgeByOne(options, policy, { operation, nowSeconds, apiKeyId })
    outcomes.push(...judged.outcomes)
    if (!judged.ok) refusal ??= judged.refusal
    const sponsored = judged.ok ? judged.value : undefined
    const costWei = hasGas(operation) ? maxCostWei(operation, options.gasOf('sponsor', operation)) : undefined
    if (sponsored === undefined) leaveOut('execution', 'not played: a rule refuses it before')
    else if (costWei === undefined) leaveOut('execution', 'not played before its gas is estimated')
    else {
      const failed = await judgeSponsoredExecution({ ...options.token, operation })
      note('execution', failed ?? accept(undefined), 'would succeed on the newest block')
    }
    if (policy.webhook !== undefined) leaveOut('webhook', 'not asked in a dry run')
    if (costWei === undefined) leaveOut('budgets', 'not asked before its gas is estimated')
    else {
      const room = await options.tryReserve({
        sender: operation.sender,
        nonce: operation.nonce,
        maxCostWei: costWei,
        validUntil: nowSeconds + validityOf(policy, nowSeconds),
        budgets: budgetsOf(question, costWei, sponsored?.tokenSpendWei),
      })
      const hasLanded = !room.ok && isDeniedFor('nonceUsed', room.refusal)
      if (hasLanded) leaveOut('budgets', 'an operation with its nonce has landed, and is booked')
      else note('budgets', room, 'there is room for it')
    }
    return {
      isSponsored: refusal === undefined,
      ...(costWei === undefined ? {} : { maxCostWei: costWei }),
      ...(sponsored?.tokenSpendWei === undefined ? {} : { tokenSpendWei: sponsored.tokenSpendWei }),
      ...(refusal === undefined ? {} : { refusal }),
      outcomes,
    }
  }
}
