// What an execution has made different, told against the view it ran on.
import type { Address, Hex } from 'viem'
import type { Account } from './account.ts'
import type { AccountChange } from './evm.ts'
import type { Journal } from './journal.ts'
import type { EvmState } from './state.ts'

export function changesOf(journal: Journal, state: EvmState): ReadonlyMap<Address, AccountChange> {
  const changes = new Map<Address, AccountChange>()
  for (const account of journal.accounts.values()) {
    const change = account.isChanged || account.isDestroyed ? changeOf(account, state) : undefined
    if (change !== undefined) changes.set(account.address, change)
  }
  return changes
}

function changeOf(account: Account, state: EvmState): AccountChange | undefined {
  const { address, balance, nonce, code, isCodeChanged, isDestroyed } = account
  const storage = new Map<Hex, bigint>()
  for (const slot of account.slots.values()) {
    if (slot.value !== slot.original) storage.set(slot.key, slot.value)
  }
  const change: AccountChange = {
    ...(balance !== undefined && balance !== state.balance(address) && { balance }),
    ...(nonce !== undefined && nonce !== state.nonce(address) && { nonce }),
    ...(isCodeChanged && code !== undefined && { code }),
    storage,
    destroyed: isDestroyed,
  }
  const isSame =
    change.balance === undefined &&
    change.nonce === undefined &&
    change.code === undefined &&
    storage.size === 0
  return isSame && !isDestroyed ? undefined : change
}
