// A call and what it called, as a node's native callTracer or our own EVM tells it, and how much gas it must be given.
import type { Address, Hex } from 'viem'
import { largest } from './largest.ts'

export type CallFrame = {
  readonly type: string
  readonly to?: Address
  readonly input: Hex
  readonly output?: Hex
  readonly gas: Hex
  readonly gasUsed: Hex
  /** Gas with which it would have run just as it did; nodes do not tell. */
  readonly gasNeeded?: Hex
  readonly error?: string
  readonly calls?: readonly CallFrame[]
}

/** Gas. */
export function usedGas(frame: CallFrame): bigint {
  return BigInt(frame.gasUsed)
}

/**
 * Gas with which the frame runs to its end as it did, and no inner call runs dry: a caller keeps back 1/64
 * of what it has (EIP-150). Where a node told the frame an upper bound, which takes each inner call to be its last act.
 */
export function requiredGas(frame: CallFrame): bigint {
  if (frame.gasNeeded !== undefined) return BigInt(frame.gasNeeded)
  const reserve = (frame.calls ?? []).map(call => (requiredGas(call) * 64n + 62n) / 63n - usedGas(call))
  return usedGas(frame) + largest(reserve)
}

/** How many frames in it ran out of gas. */
export function starvedFrames(frame: CallFrame): number {
  const here = frame.error?.includes('out of gas') ? 1 : 0
  return (frame.calls ?? []).reduce((count, call) => count + starvedFrames(call), here)
}

export function findCall(frame: CallFrame | undefined, to: Address, selector?: Hex): CallFrame | undefined {
  return frame?.calls?.find(
    call =>
      call.type === 'CALL' &&
      call.to?.toLowerCase() === to.toLowerCase() &&
      (selector === undefined || call.input.startsWith(selector)),
  )
}
