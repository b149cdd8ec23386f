// Which contracts and functions a policy sponsors: every call of a batch must be listed, at any place in it.
import { deny } from '../../denial.ts'
import type { AccountCall } from '../accountCalls.ts'
import { readOperationCalls, selectorOf, targetOf } from '../operationCalls.ts'
import type { Policy } from '../sponsorshipPolicy.ts'
import { type PolicyQuestion, pass, type Rule, refuseBy } from './rule.ts'

export const judgeCalls: Rule = (policy, { operation }) => {
  const decoded = readOperationCalls(operation)
  if (!decoded.ok) {
    return refuseBy(
      'calls',
      deny(
        'unknownCallEncoding',
        {
          problem: `Policy "${policy.id}" sponsors named calls only, and it cannot read the callData with selector ${selectorOf(operation.callData)}. ${decoded.problem}`,
          remedy: decoded.remedy,
        },
        { policyId: policy.id },
      ),
    )
  }
  const { calls } = decoded
  if (calls.length === 0 && operation.factory === undefined) {
    return refuseBy(
      'calls',
      deny(
        'callNotAllowed',
        {
          problem: `Policy "${policy.id}" does not sponsor an operation that does nothing`,
          remedy: 'give it the calls that it is to make',
        },
        { policyId: policy.id },
      ),
    )
  }
  const index = calls.findIndex(call => !isAllowed(call, policy, operation))
  const call = calls[index]
  if (call === undefined) return pass('calls', 'callsListed', { count: String(calls.length) })
  const selector = selectorOf(call.data)
  return refuseBy(
    'calls',
    deny(
      'callNotAllowed',
      {
        problem: `Policy "${policy.id}" does not sponsor call ${index} of the operation, ${selector} on ${call.to}`,
        remedy: 'leave it out, or pay in the token',
      },
      { policyId: policy.id, callIndex: index, contract: call.to, selector },
    ),
  )
}

function isAllowed(call: AccountCall, policy: Policy, operation: PolicyQuestion['operation']): boolean {
  const functions = policy.functions.get(targetOf(call, operation))
  return functions === 'any' || functions?.has(selectorOf(call.data)) === true
}
