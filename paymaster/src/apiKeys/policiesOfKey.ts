// By which policies the holder of a key may have operations sponsored. Who names none gets the key's only one, so that a
// page needs to know its key and nothing else.
import type { Result } from '@worldland-aa/service/result'
import { deny } from '../denial.ts'
import type { Payment } from '../policy/policy.ts'
import type { ApiKeyBook } from './apiKeyBook.ts'

export type PoliciesOfKey = {
  /** Undefined where the caller may be sponsored by any. */
  of(apiKeyId: string | undefined): readonly string[] | undefined
  payment(payment: Payment, apiKeyId: string | undefined): Payment
  judge(policyId: string | undefined, apiKeyId: string | undefined): Result<never> | undefined
}

export function createPoliciesOfKey(book: Pick<ApiKeyBook, 'byId'>): PoliciesOfKey {
  const of: PoliciesOfKey['of'] = id =>
    (id === undefined ? undefined : book.byId(id)?.limits.policyIds) ?? undefined
  return {
    of,
    payment(payment, apiKeyId) {
      const [only, ...others] = of(apiKeyId) ?? []
      const isTheKeys = payment.by === 'operator' && payment.policyId === undefined && others.length === 0
      return isTheKeys && only !== undefined ? { by: 'operator', policyId: only } : payment
    },
    judge(policyId, apiKeyId) {
      const policyIds = of(apiKeyId)
      if (policyIds === undefined || policyId === undefined || policyIds.includes(policyId)) return undefined
      return deny(
        'policyNotOfKey',
        {
          problem: `The API key is not for policy "${policyId}"`,
          remedy: `name one of its own by the context {"sponsorshipPolicyId": …} (${policyIds.join(', ')}), or ask the operator`,
        },
        { policyId, policyIds },
      )
    },
  }
}
