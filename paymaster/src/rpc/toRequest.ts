// From a caller's operation and context to what the sponsorship stage is asked.
import type { RequestedOperation } from '../requestedOperation.ts'
import type { SponsorshipRequest } from '../sponsorship.ts'
import type { PaymentContext } from './parameters.ts'

export function toRequest(operation: RequestedOperation, context: PaymentContext): SponsorshipRequest {
  return {
    operation,
    payment: context?.token
      ? { by: 'sender' }
      : { by: 'operator', policyId: context?.sponsorshipPolicyId ?? undefined },
    validForSeconds: context?.validForSeconds ?? undefined,
  }
}
