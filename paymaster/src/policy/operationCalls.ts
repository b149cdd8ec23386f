// All calls that an operation makes by its account, in their order: also those within a call of the account to itself,
// which would otherwise be a way around what the policy says of each.
import { type Hex, size, slice } from 'viem'
import type { RequestedOperation } from '../requestedOperation.ts'
import { type AccountCall, type AccountCalls, decodeAccountCalls } from './accountCalls.ts'
import { lowerCase } from './sponsorshipPolicy.ts'

/** Deeper is nobody's wish. */
const mostDepth = 3
const tooDeep: AccountCalls = {
  ok: false,
  problem: 'It calls itself within calls to itself too many times.',
  remedy: 'Put its calls into one batch.',
}

/** The rules ask the same operation one after the other. */
const known = new WeakMap<RequestedOperation, AccountCalls>()
const outermost = new WeakMap<RequestedOperation, AccountCalls>()

/** Without those within a call of the account to itself. */
export function readOutermostCalls(operation: RequestedOperation): AccountCalls {
  const read = outermost.get(operation) ?? decodeAccountCalls(operation.callData)
  outermost.set(operation, read)
  return read
}

export function readOperationCalls(operation: RequestedOperation): AccountCalls {
  const read = known.get(operation)
  if (read !== undefined) return read
  const calls = flatten(readOutermostCalls(operation), operation, 0)
  known.set(operation, calls)
  return calls
}

function flatten(decoded: AccountCalls, operation: RequestedOperation, depth: number): AccountCalls {
  if (!decoded.ok) return decoded
  const calls: AccountCall[] = []
  for (const call of decoded.calls) {
    calls.push(call)
    if (lowerCase(call.to) !== lowerCase(operation.sender) || call.data === '0x') continue
    const inner = decodeAccountCalls(call.data)
    // No execute: a function of the account's own, which the policy names as "sender".
    if (!inner.ok) continue
    if (depth === mostDepth) return tooDeep
    const within = flatten(inner, operation, depth + 1)
    if (!within.ok) return within
    calls.push(...within.calls)
  }
  return { ok: true, calls }
}

/** Up to 4 bytes: what is shorter is no function, and so in no list but for `0x`. */
export function selectorOf(data: Hex): Hex {
  return size(data) <= 4 ? data : slice(data, 0, 4)
}

/** Under which a policy lists a call: the account itself is `sender`, whatever its address. */
export function targetOf(
  { to }: AccountCall,
  { sender }: RequestedOperation,
): ReturnType<typeof lowerCase> | 'sender' {
  const target = lowerCase(to)
  return target === lowerCase(sender) ? 'sender' : target
}
