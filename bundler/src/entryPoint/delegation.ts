// Accounts that run another contract's code by EIP-7702: how an operation marks one, and what stands in its place
// as code.
import { type Address, concatHex, type Hex } from 'viem'

/** 0x7702 and eighteen zero bytes in place of a factory: the hash holds the sender's delegate instead (v0.8). */
export const delegationMarker: Address = '0x7702000000000000000000000000000000000000'

/** What an account's code is once its authorization has been taken. */
export function delegationCode(delegate: Address): Hex {
  return concatHex(['0xef0100', delegate]).toLowerCase() as Hex
}

/** The contract that deploys the sender; a marker is none. */
export function deployingFactory(factory: Address | undefined): Address | undefined {
  return factory === delegationMarker ? undefined : factory
}
