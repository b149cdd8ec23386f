// Decides whether a policy sponsors an operation, rule by rule: who, when, which calls, how costly, of what account, at
// what price. Ends at the first rule that refuses. What has been spent already is the ledger's to say.
import { accept, type Result } from '@worldland-aa/service/result'
import type { RuleName, RuleOutcome } from './ruleOutcome.ts'
import { judgeAccountKind } from './rules/accountKindRule.ts'
import { judgeApiKey } from './rules/apiKeyRule.ts'
import { judgeArguments } from './rules/argumentsRule.ts'
import { judgeBans } from './rules/bansRule.ts'
import { judgeCalls } from './rules/callsRule.ts'
import { judgeCost } from './rules/costRule.ts'
import { judgeFactory } from './rules/factoryRule.ts'
import { judgeProviders } from './rules/providersRule.ts'
import { notReached, type PolicyQuestion, type Rule, type Verdict } from './rules/rule.ts'
import { judgeSender } from './rules/senderRule.ts'
import { judgeSpend } from './rules/spendRule.ts'
import { judgeTime } from './rules/timeRule.ts'
import { judgeValue } from './rules/valueRule.ts'
import type { Policy } from './sponsorshipPolicy.ts'

export type { PolicyQuestion } from './rules/rule.ts'

/** A result, and how it came about. */
export type Judged<Value> = Result<Value> & { readonly outcomes: readonly RuleOutcome[] }

type NamedRule = readonly [name: RuleName, judge: Rule]

/** Of the operation and the policy alone. */
const plainRules: readonly NamedRule[] = [
  ['time', judgeTime],
  ['apiKey', judgeApiKey],
  ['sender', judgeSender],
  ['factory', judgeFactory],
  ['calls', judgeCalls],
  ['value', judgeValue],
  ['cost', judgeCost],
]
/** These ask the chain and the ledger, and so come after what costs nothing. */
const factRules: readonly NamedRule[] = [
  ['arguments', judgeArguments],
  ['accountKind', judgeAccountKind],
  ['providers', judgeProviders],
  ['spend', judgeSpend],
  ['bans', judgeBans],
]
const allRules = [...plainRules, ...factRules]

/** By all rules; facts must be given where the policy asks for them, or it refuses. */
export function judgeByPolicy(question: PolicyQuestion): Judged<Policy> {
  return judgeBy(allRules, question)
}

/** By what needs no facts, to be asked first. */
export function judgeWithoutFacts(question: PolicyQuestion): Judged<Policy> {
  const judged = judgeBy(plainRules, question)
  return { ...judged, outcomes: [...judged.outcomes, ...factRules.map(([name]) => notReached(name))] }
}

function judgeBy(rules: readonly NamedRule[], question: PolicyQuestion): Judged<Policy> {
  const { policy } = question
  const outcomes: RuleOutcome[] = []
  let refused: Verdict | undefined
  for (const [name, judge] of rules) {
    if (refused !== undefined) {
      outcomes.push(notReached(name))
      continue
    }
    const verdict = judge(policy, question)
    const { refusal, ...outcome } = verdict
    outcomes.push(outcome)
    if (refusal !== undefined) refused = verdict
  }
  if (refused?.refusal === undefined) return { ...accept(policy), outcomes }
  return { ok: false, refusal: refused.refusal, outcomes }
}
