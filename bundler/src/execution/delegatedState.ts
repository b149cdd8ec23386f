// The state as it is for an operation that brings an EIP-7702 authorization: with the sender's delegation in place,
// if the chain would put it there.
import type { Address } from 'viem'
import { delegationCode } from '../entryPoint/delegation.ts'
import type { EvmState } from '../evm/state.ts'
import { type Authority, takesEffect } from '../validation/authorization.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { OverriddenState } from './overriddenState.ts'

export function delegatedState(state: EvmState, userOperation: UserOperation): EvmState {
  const { authorization } = userOperation
  const { authority } = authorityIn(state, userOperation)
  if (authorization === undefined || !takesEffect(authorization, authority)) return state
  const code = delegationCode(authorization.address)
  // Taking the authorization uses up the nonce it was signed for.
  return new OverriddenState(state, {
    [senderOf(userOperation)]: { code, nonce: `0x${(authorization.nonce + 1).toString(16)}` },
  })
}

/** The sender as the state has it, where an authorization asks for it. */
export function authorityIn(
  state: EvmState,
  userOperation: UserOperation,
): { readonly authority?: Authority } {
  if (userOperation.authorization === undefined) return {}
  const sender = senderOf(userOperation)
  const { length: codeBytes, delegate } = state.code(sender)
  return { authority: { nonce: state.nonce(sender), codeBytes, ...(delegate && { delegate }) } }
}

function senderOf({ sender }: UserOperation): Address {
  return sender.toLowerCase() as Address
}
