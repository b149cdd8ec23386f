// The sender of an operation with an EIP-7702 authorization, for tracers that have the node execute: as it stands at
// the block, and as it must look for the trace.

import type { Block } from '@worldland-aa/service/chain/block'
import { type Address, type Hex, numberToHex, type PublicClient, size, slice } from 'viem'
import { delegationCode } from '../../entryPoint/delegation.ts'
import type { RpcOverrides } from '../../estimation/overrides.ts'
import { type Authority, takesEffect } from '../authorization.ts'
import type { UserOperation } from '../validatedOperation.ts'

export type AuthorityAtBlock = {
  /** Part of a trace: nothing for an operation without authorization. */
  readonly facts: { readonly authority?: Authority }
  /** Part of a tracer's configuration: nothing where the chain would not take the authorization. */
  readonly config: { readonly stateOverrides?: RpcOverrides }
}

const delegationPrefix = '0xef0100'
const delegationBytes = 23

/** Asks the node nothing for an operation without authorization. */
export async function readAuthority(
  client: PublicClient,
  { sender, authorization }: UserOperation,
  { hash: blockHash }: Block,
): Promise<AuthorityAtBlock> {
  if (authorization === undefined) return { facts: {}, config: {} }
  const ask = (method: string): Promise<Hex> =>
    client.request({ method, params: [sender, { blockHash }] } as never)
  const [nonce, code] = await Promise.all([ask('eth_getTransactionCount'), ask('eth_getCode')])
  const authority = authorityOf(nonce, code)
  if (!takesEffect(authorization, authority)) return { facts: { authority }, config: {} }
  const delegated = {
    code: delegationCode(authorization.address),
    // Taking the authorization uses up the nonce it was signed for.
    nonce: numberToHex(authorization.nonce + 1),
  }
  return {
    facts: { authority },
    config: { stateOverrides: { [sender.toLowerCase() as Address]: delegated } },
  }
}

function authorityOf(nonce: Hex, code: Hex): Authority {
  const isDelegation = size(code) === delegationBytes && code.startsWith(delegationPrefix)
  return {
    nonce: BigInt(nonce),
    codeBytes: size(code),
    ...(isDelegation && { delegate: slice(code, 3).toLowerCase() as Address }),
  }
}
