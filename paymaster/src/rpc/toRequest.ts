// From a caller's operation and context to what the sponsorship stage is asked.
import type { CallContext } from '@worldland-aa/service/jsonRpc/protocol'
import type { Payment } from '../policy/policy.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import type { SponsorshipRequest } from '../sponsorship.ts'
import type { PaymentContext } from './parameters.ts'

export function toRequest(
  { userOperation: operation, context }: { userOperation: RequestedOperation; context: PaymentContext },
  { caller }: Pick<CallContext, 'caller'>,
): SponsorshipRequest {
  return {
    operation,
    caller,
    payment: paymentOf(context),
    validForSeconds: context?.validForSeconds ?? undefined,
  }
}

function paymentOf(context: PaymentContext): Payment {
  if (context?.tank) return { by: 'tank' }
  if (context?.token) return { by: 'sender' }
  return { by: 'operator', policyId: context?.sponsorshipPolicyId ?? undefined }
}
