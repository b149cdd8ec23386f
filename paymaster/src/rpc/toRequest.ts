// From a caller's operation and context to what the sponsorship stage is asked.
import type { CallContext } from '@worldland-aa/service/jsonRpc/protocol'
import type { Payment } from '../policy/policy.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import type { SponsorshipRequest } from '../sponsorship.ts'
import type { PaymentContext } from './parameters.ts'

export function toRequest(
  { userOperation: operation, context }: { userOperation: RequestedOperation; context: PaymentContext },
  { caller, address, apiKeyId }: Pick<CallContext, 'caller' | 'address' | 'apiKeyId'>,
): SponsorshipRequest {
  return {
    operation,
    caller,
    address,
    apiKeyId,
    payment: paymentOf(context),
    validForSeconds: context?.validForSeconds ?? undefined,
  }
}

function paymentOf(context: PaymentContext): Payment {
  if (context?.tank) return { by: 'tank' }
  if (context?.erc20) return { by: 'erc20', token: context.erc20 }
  if (context?.token) return { by: 'sender' }
  return { by: 'operator', policyId: context?.sponsorshipPolicyId ?? undefined }
}
