// Whose accounts may be deployed at the operator's cost.
import { deny } from '../../denial.ts'
import { lowerCase } from '../sponsorshipPolicy.ts'
import { pass, type Rule, refuseBy } from './rule.ts'

export const judgeFactory: Rule = (policy, { operation }) => {
  const { factory } = operation
  if (factory === undefined) return pass('factory', 'factoryNone')
  if (policy.factories === 'any' || policy.factories.has(lowerCase(factory))) {
    return pass('factory', 'factoryAllowed', { factory })
  }
  return refuseBy(
    'factory',
    deny(
      'factoryNotAllowed',
      {
        problem: `Policy "${policy.id}" does not sponsor accounts of the factory ${factory}`,
        remedy: 'use one of its factories',
      },
      { policyId: policy.id, factory, factories: [...policy.factories] },
    ),
  )
}
