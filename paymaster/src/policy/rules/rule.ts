// One rule of a policy: a pure function of what the policy says and what is asked, with words for whoever wants to know.
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { RequestedOperation } from '../../requestedOperation.ts'
import type { PolicyFacts } from '../facts/policyFacts.ts'
import { outcomeBy, type RuleName, type RuleOutcome, refusedBy } from '../ruleOutcome.ts'
import type { RuleTextCode, RuleValues } from '../ruleTexts.ts'
import type { Policy } from '../sponsorshipPolicy.ts'

export type PolicyQuestion = {
  readonly policy: Policy
  readonly operation: RequestedOperation
  /** Seconds since the Unix epoch. */
  readonly nowSeconds: number
  /** The API key that it was asked with, by its id. */
  readonly apiKeyId?: string | undefined
  /** Absent while the gas is not estimated. */
  readonly maxCostWei?: bigint
  /** Read from the chain and the ledger, as far as the policy asks for them. */
  readonly facts?: PolicyFacts | undefined
}

/** An outcome, and of a refusal what the caller is told. */
export type Verdict = RuleOutcome & { readonly refusal?: Refusal }

export type Rule = (policy: Policy, question: PolicyQuestion) => Verdict

export function pass(rule: RuleName, code: RuleTextCode, values?: RuleValues): Verdict {
  return outcomeBy(rule, true, code, values)
}

export function refuseBy(rule: RuleName, denied: Result<never>): Verdict {
  if (denied.ok) throw new Error('a refusal is never accepted')
  return { ...refusedBy(rule, denied.refusal), refusal: denied.refusal }
}

/** The decision's list goes on with what was not asked, so that it is as long for everybody. */
export function notReached(rule: RuleName): RuleOutcome {
  return outcomeBy(rule, null, 'notAsked')
}

export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
