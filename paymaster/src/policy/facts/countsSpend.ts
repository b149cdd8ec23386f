// Does a policy ask what an operation's calls spend of the token, and with whom they deal?
import { limitsOf, type Policy } from '../sponsorshipPolicy.ts'

export function countsSpend(policy: Policy): boolean {
  return (
    policy.tokenPerOperationWei !== undefined ||
    policy.market?.mostPricePerSecondWei !== undefined ||
    limitsOf(policy).some(({ tokenWei }) => tokenWei !== undefined)
  )
}
