// What of a policy's webhook does not fit this service: an address that it must not post to, a secret that it has not.
import { type AddressRules, readOutgoingUrl } from '@worldland-aa/service/outgoing/publicAddress'
import { type FieldProblem, fieldProblem } from '../../problems/fieldProblems.ts'
import type { Policy } from '../sponsorshipPolicy.ts'
import type { PolicySecrets } from './policySecrets.ts'

type PolicyProblem = FieldProblem & { readonly field: string }

export function webhookExaminer(
  secrets: Pick<PolicySecrets, 'names' | 'secretOf'>,
  rules: AddressRules,
): (policy: Pick<Policy, 'webhook'>) => readonly PolicyProblem[] {
  return ({ webhook }) => {
    if (webhook === undefined) return []
    const url = readOutgoingUrl(webhook.url, rules)
    const problems = url.ok
      ? []
      : [{ field: 'webhook.url', ...fieldProblem('notPublicUrl', { why: url.refusal.message }) }]
    if (secrets.secretOf(webhook.secret) === undefined) {
      const known = secrets.names().join(', ') || '–'
      problems.push({
        field: 'webhook.secret',
        ...fieldProblem('noSuchSecret', { known }),
      })
    }
    return problems
  }
}
