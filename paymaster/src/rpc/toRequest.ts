// From a caller's operation and context to what the sponsorship stage is asked.
import type { Payment } from '../policy/policy.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import type { SponsorshipRequest } from '../sponsorship.ts'
import type { PaymentContext } from './parameters.ts'

export function toRequest(operation: RequestedOperation, context: PaymentContext): SponsorshipRequest {
  return {
    operation,
    payment: paymentOf(context),
    validForSeconds: context?.validForSeconds ?? undefined,
  }
}

function paymentOf(context: PaymentContext): Payment {
  if (context?.tank) return { by: 'tank' }
  if (context?.token) return { by: 'sender' }
  return { by: 'operator', policyId: context?.sponsorshipPolicyId ?? undefined }
}
