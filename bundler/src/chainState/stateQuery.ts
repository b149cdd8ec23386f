// What an in-process EVM asks of the chain's state at one block, and what it is told.
import type { Address, Hex } from 'viem'

export type StateQuery = {
  readonly accounts: readonly AccountQuery[]
  /** By contract. */
  readonly slots: readonly SlotsQuery[]
  /** Accounts whose nonce is asked for: only who creates contracts has one that matters. */
  readonly nonces: readonly Address[]
  /** Numbers of blocks whose hash is asked for. */
  readonly blockHashes: readonly bigint[]
}

/** Balance and code hash; and the code itself where it is not known yet. */
export type AccountQuery = { readonly address: Address; readonly withCode: boolean }

export type SlotsQuery = { readonly address: Address; readonly slots: readonly Hex[] }

/** In the order of the query. */
export type StateAnswer = {
  readonly accounts: readonly AccountAnswer[]
  readonly slots: readonly (readonly bigint[])[]
  readonly nonces: readonly bigint[]
  readonly blockHashes: readonly Hex[]
}

export type AccountAnswer = {
  readonly balanceWei: bigint
  /** As EXTCODEHASH tells it: zero for an account that is empty. */
  readonly codeHash: Hex
  /** Where it was asked for. */
  readonly code?: Hex
}

export function isEmptyQuery({ accounts, slots, nonces, blockHashes }: StateQuery): boolean {
  return accounts.length + slots.length + nonces.length + blockHashes.length === 0
}
