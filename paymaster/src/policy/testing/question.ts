// A policy and what is asked of it, for the tests of single rules.
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { type Address, encodeFunctionData, type Hex, parseAbi } from 'viem'
import type { RequestedOperation } from '../../requestedOperation.ts'
import { readPolicy } from '../definition/readPolicy.ts'
import type { PolicyQuestion, Rule, Verdict } from '../rules/rule.ts'
import type { Policy } from '../sponsorshipPolicy.ts'

export const sender: Address = '0x5000000000000000000000000000000000000005'
export const market: Address = '0xabcdef0000000000000000000000000000000001'
export const token: Address = '0x7000000000000000000000000000000000000007'

export type TestCall = { readonly to: Address; readonly data?: Hex; readonly valueWei?: bigint }

const account = parseAbi(['function executeBatch(address[] to, uint256[] value, bytes[] data)'])

export function operationOf(
  calls: readonly TestCall[],
  change: Partial<RequestedOperation> = {},
): RequestedOperation {
  const callData = encodeFunctionData({
    abi: account,
    functionName: 'executeBatch',
    args: [
      calls.map(({ to }) => to),
      calls.map(({ valueWei = 0n }) => valueWei),
      calls.map(({ data = '0x' }) => data),
    ],
  })
  return {
    sender,
    nonce: 0n,
    callData,
    callGasLimit: 0n,
    verificationGasLimit: 0n,
    preVerificationGas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    ...change,
  }
}

/** The account's call to itself. */
export function withinItself({ to, data = '0x', valueWei = 0n }: TestCall): TestCall {
  const inner = encodeFunctionData({
    abi: simpleAccountAbi,
    functionName: 'execute',
    args: [to, valueWei, data],
  })
  return { to: sender, data: inner }
}

/** As it is written; `limits` and an id are there already. */
export function policyOf(definition: object): Policy {
  const read = readPolicy({
    id: 'demo',
    name: 'Demo',
    contracts: [{ address: market, functions: ['*'] }],
    limits: { costPerOperationWei: '0.01ether', global: { costWei: '1ether' } },
    ...definition,
  })
  if (!read.ok) throw new Error(read.problems.map(({ field, problem }) => `${field} ${problem}`).join('; '))
  return read.policy
}

/** What is wrong with it, by field. */
export function problemsOf(definition: object): readonly string[] {
  const read = readPolicy({
    id: 'demo',
    name: 'Demo',
    contracts: [{ address: market, functions: ['*'] }],
    limits: { costPerOperationWei: '0.01ether', global: { costWei: '1ether' } },
    ...definition,
  })
  return read.ok ? [] : read.problems.map(({ field, problem }) => `${field} ${problem}`)
}

export function ask(
  rule: Rule,
  definition: object,
  question: Partial<Omit<PolicyQuestion, 'policy'>> = {},
): Verdict {
  const policy = policyOf(definition)
  return rule(policy, { policy, operation: operationOf([]), nowSeconds: 1_000_000, ...question })
}

/** `passed`, or the reason that a program switches on. */
export function reasonOf(verdict: Verdict): string {
  if (verdict.passed === true) return 'passed'
  const { reason = 'no reason' } = (verdict.refusal?.data ?? {}) as { reason?: string }
  return reason
}
