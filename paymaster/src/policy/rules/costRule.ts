// How much gas one operation may cost the operator.
import { deny } from '../../denial.ts'
import { pass, type Rule, refuseBy } from './rule.ts'

export const judgeCost: Rule = (policy, { maxCostWei }) => {
  const { costPerOperationWei, id } = policy
  if (maxCostWei === undefined) return pass('cost', 'costUnknown')
  if (maxCostWei <= costPerOperationWei) {
    return pass('cost', 'costWithin', {
      maxCostWei: String(maxCostWei),
      limitWei: String(costPerOperationWei),
    })
  }
  return refuseBy(
    'cost',
    deny(
      'costTooHigh',
      {
        problem: `The operation may cost ${maxCostWei} wei, more than the ${costPerOperationWei} wei that policy "${id}" pays for one`,
        remedy: 'lower its gas limits or fees, or split it',
      },
      { policyId: id, maxCostWei: String(maxCostWei), costPerOperationWei: String(costPerOperationWei) },
    ),
  )
}
