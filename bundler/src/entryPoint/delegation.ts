// EIP-7702 accounts: an operation whose factory is the marker 0x7702 has the sender's delegate for code, and may
// carry the authorization that makes it so.
import type { Address } from 'viem'
import type { WireShape } from './wireShape.ts'

/** 0x7702 and eighteen zero bytes. */
export const delegationMarker: Address = '0x7702000000000000000000000000000000000000'

export const delegatingFields = {
  factory: ['factory', 'optional'],
  eip7702Auth: ['authorization', 'optional'],
} as const satisfies WireShape['fields']

export function isDelegation(factory: Address | undefined): boolean {
  return factory === delegationMarker
}
