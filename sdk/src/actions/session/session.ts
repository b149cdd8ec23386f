// A serverless session as its parties see it at one block, read out of the contract's struct.
import type { Address, ContractFunctionReturnType } from 'viem'
import type { serverlessSessionAbi } from '../../abi/serverlessSession.ts'

/** In the contract's order; `none` means that no such session was ever opened. */
export const sessionStates = ['none', 'open', 'closing', 'finalized'] as const
export type SessionState = (typeof sessionStates)[number]

export type Session = {
  readonly sessionId: bigint
  readonly state: SessionState
  /** Who opened and pays, and to whom the rest goes. */
  readonly payer: Address
  readonly provider: Address
  readonly offerId: bigint
  /** Frozen price of one unit (a second) of use, token wei. */
  readonly pricePerSecondWei: bigint
  /** All that was ever paid in, token wei. */
  readonly budgetWei: bigint
  /** All that was paid out to the provider, token wei. */
  readonly spentWei: bigint
  readonly restWei: bigint
  /** Last second, since 1970, in which it is meant to be used; afterwards anybody may close it. */
  readonly expiresAtTimestamp: number
  /** Last block to redeem in, while closing. */
  readonly challengeEndBlock: bigint | undefined
  /** The block all this was read at. */
  readonly blockNumber: bigint
}

type SessionStruct = ContractFunctionReturnType<typeof serverlessSessionAbi, 'view', 'sessionOf'>

export function toSession(
  struct: SessionStruct,
  read: { readonly sessionId: bigint; readonly blockNumber: bigint },
): Session {
  const state = sessionStates[struct.state]
  if (state === undefined)
    throw new Error(`Session ${read.sessionId} is in the unknown state ${struct.state}`)
  return {
    ...read,
    state,
    payer: struct.payer,
    provider: struct.provider,
    offerId: struct.offerId,
    pricePerSecondWei: struct.pricePerSecondWei,
    budgetWei: struct.budgetWei,
    spentWei: struct.spentWei,
    restWei: struct.budgetWei - struct.spentWei,
    expiresAtTimestamp: struct.expires,
    challengeEndBlock: struct.challengeEndBlock === 0n ? undefined : struct.challengeEndBlock,
  }
}
