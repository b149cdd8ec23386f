// With which providers of the market a sponsored operation may deal.
import { deny } from '../../denial.ts'
import { pass, type Rule, refuseBy } from './rule.ts'

export const judgeProviders: Rule = (policy, { facts }) => {
  const allowed = policy.market?.providers
  if (allowed === undefined) return pass('providers', 'providersAny')
  const spend = facts?.spend
  if (spend?.ok !== true) {
    const problem = spend?.problem ?? 'this could not be read'
    return refuseBy(
      'providers',
      deny(
        'providerNotAllowed',
        {
          problem: `Policy "${policy.id}" asks with whom an operation deals, and ${problem}`,
          remedy: spend?.remedy ?? 'try again',
        },
        { policyId: policy.id },
      ),
    )
  }
  const { calls } = spend
  for (const { callIndex, provider } of calls) {
    if (provider === undefined) continue
    const isAllowed =
      allowed === 'registered' ? facts?.providers?.get(provider) === true : allowed.has(provider)
    if (isAllowed) continue
    const kind = allowed === 'registered' ? 'providers that are registered' : 'the providers that it names'
    return refuseBy(
      'providers',
      deny(
        'providerNotAllowed',
        {
          problem: `Policy "${policy.id}" sponsors dealings with ${kind} only, and call ${callIndex} is with ${provider}`,
          remedy: 'choose an offer of another provider, or pay in the token',
        },
        { policyId: policy.id, callIndex, provider },
      ),
    )
  }
  const count = calls.filter(({ provider }) => provider !== undefined).length
  return count === 0
    ? pass('providers', 'providersNone')
    : pass('providers', 'providersAllowed', { count: String(count) })
}
