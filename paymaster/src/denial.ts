// How the paymaster says no: ERC-7769's "rejected by the paymaster" (-32501), with a reason that a
// program can switch on. ERC-7677 names no codes, and EIP-1474 gives -32001…-32005 other meanings, by
// which viem would report a denial as "resource not found".
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import { type Refusal, type Result, refuse } from '@worldland-aa/service/result'

export type DenialReason =
  | 'paused'
  | 'blocked'
  | 'starting'
  | 'signerRevoked'
  | 'noPolicy'
  | 'unknownPolicy'
  | 'policyNotOfKey'
  | 'policyNotInForce'
  | 'senderNotAllowed'
  | 'factoryNotAllowed'
  | 'unknownCallEncoding'
  | 'callNotAllowed'
  | 'argumentNotAllowed'
  | 'valueTooHigh'
  | 'apiKeyNotAllowed'
  | 'accountKindNotAllowed'
  | 'providerNotAllowed'
  | 'spendTooHigh'
  | 'senderBanned'
  | 'webhookRefused'
  | 'gasLimitTooHigh'
  | 'feeTooHigh'
  | 'feeTooLow'
  | 'costTooHigh'
  | 'budgetUsedUp'
  | 'depositUsedUp'
  | 'nonceUsed'
  | 'nonceTooFar'
  | 'noAccount'
  | 'tokenBalanceTooLow'
  | 'tokenNotApproved'
  | 'debtTooHigh'
  | 'tankTooLow'
  | 'tokenNotAccepted'
  | 'priceUnavailable'
  | 'priceStale'
  | 'priceDeviates'
  | 'chainMoved'
  | 'policyChanged'
  | 'executionWouldFail'

/** `problem` and `remedy` make up the message, the remedy again `data.hint`; `details` is joined to `data`. */
export function deny(
  reason: DenialReason,
  { problem, remedy }: { readonly problem: string; readonly remedy: string },
  details: Readonly<Record<string, unknown>> = {},
): Result<never> {
  return refuse({
    code: rejectionCode.paymaster,
    message: `${problem}${problem.endsWith('.') ? '' : ':'} ${remedy}`,
    data: { reason, hint: remedy, ...details },
  })
}

export function isDeniedFor(reason: DenialReason, { data }: Refusal): boolean {
  return (data as { reason?: unknown } | undefined)?.reason === reason
}
