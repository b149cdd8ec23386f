// The policy stage for who brings a key: what it asks for is asked in the key's name, and what comes of it must be by one of
// the key's policies.
import type { Decider } from '../policy/policy.ts'
import type { PoliciesOfKey } from './policiesOfKey.ts'

export function deciderOfKeys(
  decider: Pick<Decider, 'draft' | 'decide'>,
  policies: PoliciesOfKey,
): Pick<Decider, 'draft' | 'decide'> {
  return {
    async draft(question) {
      const { apiKeyId } = question
      const drafted = await decider.draft({
        ...question,
        payment: policies.payment(question.payment, apiKeyId),
      })
      return (drafted.ok ? policies.judge(drafted.value.policy?.id, apiKeyId) : undefined) ?? drafted
    },
    async decide(question) {
      const { apiKeyId } = question
      const decided = await decider.decide({
        ...question,
        payment: policies.payment(question.payment, apiKeyId),
      })
      return (decided.ok ? policies.judge(decided.value.policy?.id, apiKeyId) : undefined) ?? decided
    },
  }
}
