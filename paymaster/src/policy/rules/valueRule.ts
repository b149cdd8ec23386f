// How much of its own coin an operation may send along.
import { deny } from '../../denial.ts'
import { readOperationCalls } from '../operationCalls.ts'
import { pass, type Rule, refuseBy } from './rule.ts'

export const judgeValue: Rule = (policy, { operation }) => {
  const { mostValueWei, id } = policy
  if (mostValueWei === undefined) return pass('value', 'valueAny')
  const decoded = readOperationCalls(operation)
  const valueWei = decoded.ok ? decoded.calls.reduce((sum, call) => sum + call.valueWei, 0n) : 0n
  if (valueWei <= mostValueWei) {
    return pass('value', 'valueWithin', { valueWei: String(valueWei), limitWei: String(mostValueWei) })
  }
  return refuseBy(
    'value',
    deny(
      'valueTooHigh',
      {
        problem: `The operation sends ${valueWei} wei with its calls, more than the ${mostValueWei} wei that policy "${id}" allows`,
        remedy: 'send less, or pay in the token',
      },
      { policyId: id, valueWei: String(valueWei), limitWei: String(mostValueWei) },
    ),
  )
}
