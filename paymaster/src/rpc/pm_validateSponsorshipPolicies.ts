// Pimlico's pm_validateSponsorshipPolicies: [userOperation, entryPoint, policyIds] → those that would
// sponsor it. Whether their budgets have room is told when it is signed.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { PoliciesOfKey } from '../apiKeys/policiesOfKey.ts'
import type { Decider } from '../policy/policy.ts'
import type { Policy } from '../policy/sponsorshipPolicy.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'

export function pm_validateSponsorshipPolicies(options: {
  decider: Decider
  now: () => number
  policiesOfKey: PoliciesOfKey
  schemas: WireSchemas
}): RpcMethod {
  const { userOperation, entryPoint, policyIds } = options.schemas
  return async (params, { apiKeyId }) => {
    const parsed = parseParameters(params, { userOperation, entryPoint, policyIds })
    if (!parsed.ok) return parsed
    const { userOperation: operation } = parsed.value
    const ofKey = options.policiesOfKey.of(apiKeyId)
    const asked = parsed.value.policyIds.filter(id => ofKey === undefined || ofKey.includes(id))
    const question = { operation, policyIds: asked, nowSeconds: options.now(), apiKeyId }
    return accept((await options.decider.sponsoring(question)).map(describe))
  }
}

function describe({ id, name, author, icon, description }: Policy): unknown {
  return {
    sponsorshipPolicyId: id,
    data: { name, author: author ?? null, icon: icon ?? null, description: description ?? null },
  }
}
