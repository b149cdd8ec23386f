// The policy stage for who brings a key: what it asks for is asked in the key's name, and what comes of it must be by one of
// the key's policies.
import type { Judged } from '../policy/judgeByPolicy.ts'
import type { Decider, Draft, Question } from '../policy/policy.ts'
import { refusedBy } from '../policy/ruleOutcome.ts'
import type { PoliciesOfKey } from './policiesOfKey.ts'

export function deciderOfKeys(
  decider: Pick<Decider, 'draft' | 'decide'>,
  policies: PoliciesOfKey,
): Pick<Decider, 'draft' | 'decide'> {
  const asked = <Asked extends Question>(question: Asked): Asked => ({
    ...question,
    payment: policies.payment(question.payment, question.apiKeyId),
  })

  function heldToKey<Value extends Draft>(judged: Judged<Value>, { apiKeyId }: Question): Judged<Value> {
    const refusal = judged.ok ? policies.judge(judged.value.policy?.id, apiKeyId) : undefined
    if (refusal === undefined || refusal.ok) return judged
    return { ...refusal, outcomes: [...judged.outcomes, refusedBy('apiKey', refusal.refusal)] }
  }

  return {
    draft: async question => heldToKey(await decider.draft(asked(question)), question),
    decide: async question => heldToKey(await decider.decide(asked(question)), question),
  }
}
