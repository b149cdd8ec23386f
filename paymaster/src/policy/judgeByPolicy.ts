// Decides whether a policy sponsors an operation, from the operation alone: who, when, which calls, how
// costly. What has been spent already is the ledger's to say.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Hex, size, slice } from 'viem'
import { deny } from '../denial.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { type AccountCall, decodeAccountCalls } from './accountCalls.ts'
import { lowerCase, type Policy } from './sponsorshipPolicy.ts'

/** What would be valid for less would lapse before most blocks. */
const leastValiditySeconds = 30

export type PolicyQuestion = {
  readonly policy: Policy
  readonly operation: RequestedOperation
  /** Seconds since the Unix epoch. */
  readonly nowSeconds: number
  /** Absent while the gas is not estimated. */
  readonly maxCostWei?: bigint
}

export function judgeByPolicy(question: PolicyQuestion): Result<Policy> {
  const { policy } = question
  const refusal =
    judgeTime(question) ??
    judgeSender(question) ??
    judgeFactory(question) ??
    judgeCalls(question) ??
    judgeCost(question)
  return refusal ?? accept(policy)
}

type Judgement = Result<never> | undefined

function judgeTime({ policy, nowSeconds }: PolicyQuestion): Judgement {
  const { startsAt, endsAt } = policy
  const details = { policyId: policy.id, startsAt, endsAt }
  if (startsAt !== undefined && nowSeconds < startsAt) {
    return deny(
      'policyNotInForce',
      { problem: `Policy "${policy.id}" begins at ${time(startsAt)}`, remedy: 'try again then' },
      details,
    )
  }
  if (endsAt !== undefined && nowSeconds > endsAt - leastValiditySeconds) {
    const ends = nowSeconds >= endsAt ? 'ended' : 'ends too soon for an operation to land,'
    return deny(
      'policyNotInForce',
      { problem: `Policy "${policy.id}" ${ends} at ${time(endsAt)}`, remedy: 'name another policy' },
      details,
    )
  }
  return undefined
}

function judgeSender({ policy, operation }: PolicyQuestion): Judgement {
  const sender = lowerCase(operation.sender)
  if (!policy.blockedSenders.has(sender) && policy.allowedSenders?.has(sender) !== false) return undefined
  return deny(
    'senderNotAllowed',
    {
      problem: `Policy "${policy.id}" does not sponsor the sender ${operation.sender}`,
      remedy: 'ask the operator, or pay in the token',
    },
    { policyId: policy.id, sender: operation.sender },
  )
}

function judgeFactory({ policy, operation }: PolicyQuestion): Judgement {
  const { factory } = operation
  if (factory === undefined || policy.factories === 'any') return undefined
  if (policy.factories.has(lowerCase(factory))) return undefined
  return deny(
    'factoryNotAllowed',
    {
      problem: `Policy "${policy.id}" does not sponsor accounts of the factory ${factory}`,
      remedy: 'use one of its factories',
    },
    { policyId: policy.id, factory, factories: [...policy.factories] },
  )
}

function judgeCalls({ policy, operation }: PolicyQuestion): Judgement {
  const decoded = decodeAccountCalls(operation.callData)
  if (!decoded.ok) {
    return deny(
      'unknownCallEncoding',
      {
        problem: `Policy "${policy.id}" sponsors named calls only, and it cannot read the callData with selector ${selectorOf(operation.callData)}. ${decoded.problem}`,
        remedy: decoded.remedy,
      },
      { policyId: policy.id },
    )
  }
  const { calls } = decoded
  if (calls.length === 0 && operation.factory === undefined) {
    return deny(
      'callNotAllowed',
      {
        problem: `Policy "${policy.id}" does not sponsor an operation that does nothing`,
        remedy: 'give it the calls that it is to make',
      },
      {
        policyId: policy.id,
      },
    )
  }
  const index = calls.findIndex(call => !isAllowed(call, policy, operation))
  const call = calls[index]
  if (call === undefined) return undefined
  const selector = selectorOf(call.data)
  return deny(
    'callNotAllowed',
    {
      problem: `Policy "${policy.id}" does not sponsor call ${index} of the operation, ${selector} on ${call.to}`,
      remedy: 'leave it out, or pay in the token',
    },
    { policyId: policy.id, callIndex: index, contract: call.to, selector },
  )
}

function isAllowed(call: AccountCall, policy: Policy, operation: RequestedOperation): boolean {
  const target = lowerCase(call.to)
  const functions = policy.functions.get(target === lowerCase(operation.sender) ? 'sender' : target)
  return functions === 'any' || functions?.has(selectorOf(call.data)) === true
}

/** Up to 4 bytes: what is shorter is no function, and so in no list but for `0x`. */
function selectorOf(data: Hex): Hex {
  return size(data) <= 4 ? data : slice(data, 0, 4)
}

function judgeCost({ policy, maxCostWei }: PolicyQuestion): Judgement {
  if (maxCostWei === undefined || maxCostWei <= policy.costPerOperationWei) return undefined
  return deny(
    'costTooHigh',
    {
      problem: `The operation may cost ${maxCostWei} wei, more than the ${policy.costPerOperationWei} wei that policy "${policy.id}" pays for one`,
      remedy: 'lower its gas limits or fees, or split it',
    },
    {
      policyId: policy.id,
      maxCostWei: String(maxCostWei),
      costPerOperationWei: String(policy.costPerOperationWei),
    },
  )
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
