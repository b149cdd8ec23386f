// Which policy an operation asks for: the one it names, else the operator's default.
import { accept, type Result } from '@worldland-aa/service/result'
import { deny } from '../denial.ts'
import type { Policy } from './sponsorshipPolicy.ts'

export function choosePolicy(policies: readonly Policy[], id: string | undefined): Result<Policy> {
  if (id === undefined) {
    const standing = policies.find(policy => policy.isDefault)
    if (standing !== undefined) return accept(standing)
    return deny('noPolicy', {
      problem: 'This paymaster sponsors no operation without a policy',
      remedy:
        'name one by the context {"sponsorshipPolicyId": …}, or pay in the token by the context {"token": …} (pimlico_getSupportedTokens)',
    })
  }
  const named = policies.find(policy => policy.id === id)
  if (named !== undefined) return accept(named)
  return deny(
    'unknownPolicy',
    { problem: `There is no policy "${id}" here`, remedy: 'ask the operator for the id of one' },
    {
      policyId: id,
    },
  )
}
