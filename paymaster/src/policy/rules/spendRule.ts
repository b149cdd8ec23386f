// What a sponsored operation may spend of the token, in all its calls, and at which price it may rent.
import { deny } from '../../denial.ts'
import { tokenAmount } from '../../tokenAmount.ts'
import { countsSpend } from '../facts/countsSpend.ts'
import { pass, type Rule, refuseBy } from './rule.ts'

export const judgeSpend: Rule = (policy, { facts }) => {
  const { id, market, tokenPerOperationWei } = policy
  if (!countsSpend(policy)) return pass('spend', 'spendAny')
  const spend = facts?.spend
  if (spend?.ok !== true) {
    return refuseBy(
      'spend',
      deny(
        'spendTooHigh',
        {
          problem: `Policy "${id}" counts what an operation spends of the token, and ${spend?.problem ?? 'this could not be read'}`,
          remedy: spend?.remedy ?? 'try again',
        },
        { policyId: id },
      ),
    )
  }
  const shown = (wei: bigint): string => tokenAmount(wei, spend.token)
  const mostPriceWei = market?.mostPricePerSecondWei
  const dear = spend.calls.find(
    ({ pricePerSecondWei = 0n }) => pricePerSecondWei > (mostPriceWei ?? pricePerSecondWei),
  )
  if (dear?.pricePerSecondWei !== undefined && mostPriceWei !== undefined) {
    return refuseBy(
      'spend',
      deny(
        'spendTooHigh',
        {
          problem: `Policy "${id}" sponsors rentals at up to ${shown(mostPriceWei)} for a unit and second, and call ${dear.callIndex} agrees to ${shown(dear.pricePerSecondWei)}`,
          remedy:
            'choose a cheaper offer, and name no higher price than its own as the most that you agree to',
        },
        { policyId: id, callIndex: dear.callIndex, pricePerSecondWei: String(dear.pricePerSecondWei) },
      ),
    )
  }
  if (tokenPerOperationWei !== undefined && spend.tokenWei > tokenPerOperationWei) {
    return refuseBy(
      'spend',
      deny(
        'spendTooHigh',
        {
          problem: `The operation may spend ${shown(spend.tokenWei)}, more than the ${shown(tokenPerOperationWei)} that policy "${id}" allows for one`,
          remedy: 'rent for a shorter time, or split it',
        },
        { policyId: id, tokenWei: String(spend.tokenWei), limitWei: String(tokenPerOperationWei) },
      ),
    )
  }
  return pass('spend', 'spendWithin', { amount: shown(spend.tokenWei) })
}
