// What the EVM asks about the chain: a view of one block, answered at once or not at all.
// Addresses and slots are lower-case hex, slots and hashes of 32 bytes.
import type { Address, Hex } from 'viem'
import type { Code } from './code.ts'

/** Every method may throw MissingState, which leaves `execute` as it was thrown. */
export type EvmState = {
  balance(address: Address): bigint
  nonce(address: Address): bigint
  /** `emptyCode` where there is none. */
  code(address: Address): Code
  /** As EXTCODEHASH: the zero word for an account that does not exist or is empty. EIP-1052 */
  codeHash(address: Address): Hex
  storage(address: Address, slot: Hex): bigint
  blockHash(number: bigint): Hex
}

export type StateNeed =
  | { readonly kind: 'account'; readonly address: Address }
  | { readonly kind: 'slot'; readonly address: Address; readonly slot: Hex }
  | { readonly kind: 'blockHash'; readonly number: bigint }

/** The view does not hold what was asked: fetch it and execute again. */
export class MissingState extends Error {
  readonly need: StateNeed

  constructor(need: StateNeed) {
    super(`state is missing: ${need.kind} ${need.kind === 'blockHash' ? need.number : need.address}`)
    this.name = 'MissingState'
    this.need = need
  }
}
