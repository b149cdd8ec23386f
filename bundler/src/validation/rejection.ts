// The `data` of a refusal: what broke, who broke it, and how to mend it; for callers, logs and reputation.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import { type Refusal, type Result, refuse } from '@worldland-aa/service/result'
import type { Address, Hex } from 'viem'
import type { Violation } from './rules/rule.ts'

export type RejectionData = {
  /** Who is to blame; absent for malformed fields. */
  readonly entity?: Violation['entity']
  readonly address?: Address
  /** What to do about it. */
  readonly hint?: string
  /** A clause of ERC-7562. */
  readonly rule?: string
  readonly opcode?: string
  readonly slot?: Hex
  readonly contract?: Address
  /** The EntryPoint's AAxx text. */
  readonly reason?: string
  /** What reverted inside. */
  readonly revertData?: Hex
  readonly field?: string
  readonly paymaster?: Address
  /** Seconds since the Unix epoch. */
  readonly validAfter?: number
  readonly validUntil?: number
  /** Block numbers. */
  readonly validBlocks?: { readonly after: number; readonly until: number }
  /** Hex quantities. ERC-7769 -32505 */
  readonly minimumStake?: Hex
  readonly minimumUnstakeDelay?: Hex
}

export type Rejection = Refusal & { readonly data: RejectionData }

export function reject(code: number, message: string, data: RejectionData): Result<never> {
  return refuse({ code, message, data } satisfies Rejection)
}

/** A field that is out of bounds: what is wrong with it, and how to mend it. */
export function rejectField(field: string, problem: string, hint: string): Result<never> {
  return reject(rejectionCode.invalidFields, `Invalid params: ${field} ${problem}; ${hint}`, { field, hint })
}
