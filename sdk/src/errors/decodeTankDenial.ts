// The paymaster signs for no more than a gas tank holds: its refusal (JSON-RPC, before anything is on chain) in the
// words of the contract's own error.
import { rejectionCode } from '../protocol/rejectionCode.ts'
import { amount } from './sentences/amount.ts'
import type { Sentence } from './sentences/sentence.ts'

/** Undefined: the failure is about something else. */
export function decodeTankDenial(
  failure: unknown,
): (Sentence & { readonly errorName: 'InsufficientTank' }) | undefined {
  for (
    let level = failure as Level;
    typeof level === 'object' && level !== null;
    level = level.cause as Level
  ) {
    const { code, data } = level
    if (code !== rejectionCode.paymaster || data?.reason !== 'tankTooLow') continue
    const holdsWei = BigInt(data.tankWei ?? 0)
    const requiredWei = BigInt(data.requiredWei ?? 0)
    // Asked for a stub the paymaster knows no gas yet, and an empty tank will never do.
    const needed =
      requiredWei > 0n ? `the operation may cost ${amount(requiredWei)}` : 'that pays for nothing'
    return {
      errorName: 'InsufficientTank',
      problem: `The sender's gas tank holds ${amount(holdsWei)}; ${needed}.`,
      remedy: "Fill the tank first (fillTank, from any account), or pay with gasFrom: 'wallet'.",
    }
  }
  return undefined
}

type Level =
  | {
      readonly code?: unknown
      readonly data?: { readonly reason?: unknown; readonly tankWei?: string; readonly requiredWei?: string }
      readonly cause?: unknown
    }
  | null
  | undefined
