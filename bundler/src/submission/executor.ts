// One executor key: its nonces in use, what it can still pay, and whether it may send at all.
import type { Address, PrivateKeyAccount } from 'viem'
import { type NonceSlot, promisedWei } from './nonceSlot.ts'

export type Executor = {
  readonly address: Address
  /** Undefined when its transactions stand in the journal but its key is not configured any more. */
  readonly account: PrivateKeyAccount | undefined
  /** Open and mined ones, by nonce. */
  readonly slots: Map<number, NonceSlot>
  /** Transactions of it in the canonical chain. */
  chainNonce: number
  balanceWei: bigint
  /** Head when nonce and balance were asked for. */
  seenAtBlock?: bigint | undefined
  /** Why it sends nothing at the moment. */
  setAside?: string | undefined
  /** Runs `work` when all earlier work on this executor has ended: its nonces are dealt out one at a time. */
  readonly exclusively: <Value>(work: () => Promise<Value>) => Promise<Value>
}

export type ExecutorStatus = {
  readonly address: Address
  readonly balanceWei: bigint
  /** Transactions that wait for a block. */
  readonly inFlight: number
  /** Of its next bundle. */
  readonly pendingNonce: number
  /** Why it sends nothing at the moment. */
  readonly setAside?: string
}

export function createExecutor(address: Address, account: PrivateKeyAccount | undefined): Executor {
  let last: Promise<unknown> = Promise.resolve()
  return {
    address,
    account,
    slots: new Map(),
    chainNonce: 0,
    balanceWei: 0n,
    exclusively(work) {
      const result = last.then(work)
      last = result.catch(() => undefined)
      return result
    },
  }
}

/** Lowest nonce first. */
export function openSlots(executor: Executor): readonly NonceSlot[] {
  return [...executor.slots.values()]
    .filter(slot => slot.state === 'open')
    .sort((one, other) => one.nonce - other.nonce)
}

/** Fills a gap before it goes on: nothing behind a gap can land. */
export function firstFreeNonce(executor: Executor): number {
  let nonce = executor.chainNonce
  while (executor.slots.has(nonce)) nonce++
  return nonce
}

/** Wei not promised to any open transaction, `except` the one that is to be replaced. */
export function unpromisedWei(executor: Executor, except?: NonceSlot): bigint {
  let left = executor.balanceWei
  for (const slot of openSlots(executor)) if (slot !== except) left -= promisedWei(slot)
  return left
}
