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
import { outcomeBy, type RuleName, type RuleOutcome } from './ruleOutcome.ts'
import type { RuleTextCode } from './ruleTexts.ts'
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
    const note = (rule: RuleName, result: Result<unknown>, code: RuleTextCode): void => {
      outcomes.push(outcomeOf(rule, result, code))
      if (!result.ok) refusal ??= result.refusal
    }
    const leaveOut = (rule: RuleName, code: RuleTextCode): void => {
      outcomes.push(outcomeBy(rule, null, code))
    }

    const gas = judgeGas(operation, options.gasBounds)
    note('gas', gas, hasGas(operation) ? 'gasWithinBounds' : 'gasNotEstimated')
    const judged = await judgeByOne(options, policy, { operation, nowSeconds, apiKeyId })
    outcomes.push(...judged.outcomes)
    if (!judged.ok) refusal ??= judged.refusal
    const sponsored = judged.ok ? judged.value : undefined
    const costWei = hasGas(operation) ? maxCostWei(operation, options.gasOf('sponsor', operation)) : undefined
    if (sponsored === undefined) leaveOut('execution', 'executionRefusedBefore')
    else if (costWei === undefined) leaveOut('execution', 'executionNotEstimated')
    else {
      const failed = await judgeSponsoredExecution({ ...options.token, operation })
      note('execution', failed ?? accept(undefined), 'executionNewest')
    }
    if (policy.webhook !== undefined) leaveOut('webhook', 'webhookNotAsked')
    if (costWei === undefined) leaveOut('budgets', 'budgetsNotEstimated')
    else {
      const room = await options.tryReserve({
        sender: operation.sender,
        nonce: operation.nonce,
        maxCostWei: costWei,
        validUntil: nowSeconds + validityOf(policy, nowSeconds),
        budgets: budgetsOf(question, costWei, sponsored?.tokenSpendWei),
      })
      const hasLanded = !room.ok && isDeniedFor('nonceUsed', room.refusal)
      if (hasLanded) leaveOut('budgets', 'budgetsLanded')
      else note('budgets', room, 'budgetsRoomEnough')
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
