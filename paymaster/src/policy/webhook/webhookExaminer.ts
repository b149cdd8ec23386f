// What of a policy's webhook does not fit this service: an address that it must not post to, a secret that it has not.
import { type AddressRules, readOutgoingUrl } from '@worldland-aa/service/outgoing/publicAddress'
import type { Policy } from '../sponsorshipPolicy.ts'
import type { PolicySecrets } from './policySecrets.ts'

type PolicyProblem = { readonly field: string; readonly problem: string }

export function webhookExaminer(
  secrets: Pick<PolicySecrets, 'names' | 'secretOf'>,
  rules: AddressRules,
): (policy: Pick<Policy, 'webhook'>) => readonly PolicyProblem[] {
  return ({ webhook }) => {
    if (webhook === undefined) return []
    const url = readOutgoingUrl(webhook.url, rules)
    const problems = url.ok ? [] : [{ field: 'webhook.url', problem: url.refusal.message }]
    if (secrets.secretOf(webhook.secret) === undefined) {
      const known = secrets.names().join(', ') || 'none'
      problems.push({
        field: 'webhook.secret',
        problem: `is no secret of --policy-secrets (it has ${known}): add it to that file and reload, or name another`,
      })
    }
    return problems
  }
}
