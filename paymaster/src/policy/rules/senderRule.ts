// Whose operations a policy sponsors, by the account's address.
import { deny } from '../../denial.ts'
import { lowerCase } from '../sponsorshipPolicy.ts'
import { pass, type Rule, refuseBy } from './rule.ts'

export const judgeSender: Rule = (policy, { operation }) => {
  const sender = lowerCase(operation.sender)
  const { allowedSenders, blockedSenders } = policy
  if (!blockedSenders.has(sender) && allowedSenders?.has(sender) !== false) {
    return pass('sender', allowedSenders === undefined ? 'senderNotBlocked' : 'senderListed')
  }
  return refuseBy(
    'sender',
    deny(
      'senderNotAllowed',
      {
        problem: `Policy "${policy.id}" does not sponsor the sender ${operation.sender}`,
        remedy: 'ask the operator, or pay in the token',
      },
      { policyId: policy.id, sender: operation.sender },
    ),
  )
}
