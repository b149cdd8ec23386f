// What a policy asks of the arguments of each call: a function that is listed with conditions must meet all of one entry.
// Arguments that cannot be read with certainty meet none.
import { type Address, slice } from 'viem'
import { deny } from '../../denial.ts'
import type { AccountCall } from '../accountCalls.ts'
import {
  type ArgumentCondition,
  type ArgumentTest,
  type CallCondition,
  comparable,
  valueAt,
} from '../definition/callCondition.ts'
import { readOperationCalls, selectorOf, targetOf } from '../operationCalls.ts'
import { lowerCase } from '../sponsorshipPolicy.ts'
import { type PolicyQuestion, pass, type Rule, refuseBy } from './rule.ts'

export const judgeArguments: Rule = (policy, question) => {
  const { conditions, id } = policy
  if (conditions === undefined) return pass('arguments', 'argumentsFree')
  const decoded = readOperationCalls(question.operation)
  const calls = decoded.ok ? decoded.calls : []
  let met = 0
  for (const [index, call] of calls.entries()) {
    const entries = conditions.get(targetOf(call, question.operation))?.get(selectorOf(call.data))
    if (entries === undefined) continue
    const problems = entries.map(entry => problemOf(entry, call, question))
    if (problems.includes(undefined)) {
      met++
      continue
    }
    return refuseBy(
      'arguments',
      deny(
        'argumentNotAllowed',
        {
          problem: `Policy "${id}" does not sponsor call ${index} of the operation: ${problems[0]}`,
          remedy: 'change it, or pay in the token',
        },
        { policyId: id, callIndex: index, contract: call.to, selector: selectorOf(call.data) },
      ),
    )
  }
  return met === 0
    ? pass('arguments', 'argumentsUnasked')
    : pass('arguments', 'argumentsMet', { count: String(met) })
}

/** Undefined where it meets all of the entry. */
function problemOf(entry: CallCondition, call: AccountCall, question: PolicyQuestion): string | undefined {
  const { mostValueWei, signature } = entry
  if (mostValueWei !== undefined && call.valueWei > mostValueWei) {
    return `${signature} may send at most ${mostValueWei} wei with it, and it sends ${call.valueWei}`
  }
  if (entry.arguments.length === 0) return undefined
  const values = call.data.length <= 10 ? undefined : entry.decode(slice(call.data, 4))
  if (values === undefined) return `the arguments of ${signature} are missing`
  if (!values.ok) return `the arguments of ${signature} cannot be read. ${values.problem} ${values.remedy}`
  for (const condition of entry.arguments) {
    const value = valueAt(values.values, condition.path)
    const failed = condition.tests.find(test => !meets(value, condition.type, test, question))
    if (failed !== undefined) return `in ${signature}, ${sentence(condition, failed, value)}`
  }
  return undefined
}

function meets(
  value: unknown,
  type: string,
  test: ArgumentTest,
  { operation, facts }: PolicyQuestion,
): boolean {
  const compared = comparable(value, type)
  switch (test.kind) {
    case 'oneOf':
      return compared !== undefined && test.values.has(compared)
    case 'atMost':
      return typeof compared === 'bigint' && compared <= test.bound
    case 'atLeast':
      return typeof compared === 'bigint' && compared >= test.bound
    case 'sender':
      return compared === lowerCase(operation.sender)
    case 'registeredProvider':
      return facts?.providers?.get(compared as Address) === true
  }
}

function sentence({ argument }: ArgumentCondition, test: ArgumentTest, value: unknown): string {
  const shown = String(value).slice(0, 130)
  switch (test.kind) {
    case 'oneOf':
      return `${argument} is ${shown} and must be ${test.values.size === 1 ? '' : 'one of '}${list(test.values)}`
    case 'atMost':
      return `${argument} is ${shown} and must be at most ${test.bound}`
    case 'atLeast':
      return `${argument} is ${shown} and must be at least ${test.bound}`
    case 'sender':
      return `${argument} is ${shown} and must be the account itself`
    case 'registeredProvider':
      return `${argument} is ${shown} and must be a registered provider`
  }
}

function list(values: ReadonlySet<unknown>): string {
  const shown = [...values].slice(0, 5).map(String).join(', ')
  return values.size > 5 ? `${shown} and ${values.size - 5} more` : shown
}
