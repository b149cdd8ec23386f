// Decides whether the operator pays for an operation: by which policy, and rule by rule why. What costs nothing to ask
// comes first; the chain and the ledger are asked after it, and only for what the policy wants to know.
import { accept, type Result } from '@worldland-aa/service/result'
import { maxCostWei, type PaymasterGas } from '../pricing/maxCost.ts'
import { hasGas, type RequestedOperation } from '../requestedOperation.ts'
import { choosePolicy } from './choosePolicy.ts'
import { asksForFacts, type FactSources, type PolicyFacts, readPolicyFacts } from './facts/policyFacts.ts'
import { type Judged, judgeByPolicy, judgeWithoutFacts } from './judgeByPolicy.ts'
import { outcomeBy, type RuleName, type RuleOutcome, refusedBy } from './ruleOutcome.ts'
import type { PolicyQuestion } from './rules/rule.ts'
import type { RuleTextCode, RuleValues } from './ruleTexts.ts'
import type { Policy } from './sponsorshipPolicy.ts'

export type Sponsored = {
  readonly policy: Policy
  readonly paymasterGas: PaymasterGas
  /** What its calls may spend of the token, where the policy counts it. */
  readonly tokenSpendWei?: bigint
}

export type SponsorOptions = {
  readonly policies: () => readonly Policy[]
  readonly gasOf: (mode: 'sponsor', operation: RequestedOperation) => PaymasterGas
  /** What the deposit gives the bundler beside the gas, at most; absent where there are no tips. */
  readonly tipWei?: (() => bigint) | undefined
  /** Absent where no policy may ask for more than the operation says. */
  readonly facts?: FactSources | undefined
}

export type SponsorQuestion = {
  readonly operation: RequestedOperation
  readonly policyId?: string | undefined
  readonly nowSeconds: number
  readonly apiKeyId?: string | undefined
}

/** By the policy that is named, or the one for operations that name none. */
export async function judgeSponsoring(
  options: SponsorOptions,
  question: SponsorQuestion,
): Promise<Judged<Sponsored>> {
  const chosen = choosePolicy(options.policies(), question.policyId)
  if (!chosen.ok) return { ...chosen, outcomes: [outcomeOf('policy', chosen, 'policyChosen')] }
  const policy = chosen.value
  const { id, version } = policy
  const first =
    version === undefined
      ? outcomeBy('policy', true, 'policyChosen', { policy: id })
      : outcomeBy('policy', true, 'policyVersion', { policy: id, version: String(version) })
  const judged = await judgeByOne(options, policy, question)
  return { ...judged, outcomes: [first, ...judged.outcomes] }
}

export async function judgeByOne(
  options: Pick<SponsorOptions, 'gasOf' | 'tipWei' | 'facts'>,
  policy: Policy,
  { operation, nowSeconds, apiKeyId }: Omit<SponsorQuestion, 'policyId'>,
): Promise<Judged<Sponsored>> {
  const paymasterGas = options.gasOf('sponsor', operation)
  const asked: PolicyQuestion = {
    policy,
    operation,
    nowSeconds,
    apiKeyId,
    ...(hasGas(operation) ? { maxCostWei: sponsoredCostWei(options, operation, paymasterGas) } : {}),
  }
  let facts: PolicyFacts | undefined
  if (options.facts !== undefined && asksForFacts(policy)) {
    const plain = judgeWithoutFacts(asked)
    if (!plain.ok) return plain
    facts = await readPolicyFacts(options.facts, asked)
  }
  const judged = judgeByPolicy({ ...asked, facts })
  if (!judged.ok) return judged
  const { spend } = facts ?? {}
  const tokenSpend = spend?.ok === true ? { tokenSpendWei: spend.tokenWei } : {}
  return { ...accept({ policy, paymasterGas, ...tokenSpend }), outcomes: judged.outcomes }
}

/** The most that it can cost the deposit, its tip included. The contract gives no more in tips than the gas costs. */
export function sponsoredCostWei(
  { tipWei }: Pick<SponsorOptions, 'tipWei'>,
  operation: RequestedOperation,
  paymasterGas: PaymasterGas,
): bigint {
  const gasWei = maxCostWei(operation, paymasterGas)
  const mostTipWei = tipWei?.() ?? 0n
  return gasWei + (mostTipWei < gasWei ? mostTipWei : gasWei)
}

/** Of a step that is no rule of the policy's own. */
export function outcomeOf(
  rule: RuleName,
  result: Result<unknown>,
  code: RuleTextCode,
  values?: RuleValues,
): RuleOutcome {
  return result.ok ? outcomeBy(rule, true, code, values) : refusedBy(rule, result.refusal)
}
