// A set of parts of the state: what an execution lacked, what it read, what the next block should begin with.
import type { Address, Hex } from 'viem'
import type { BlockState } from './blockState.ts'
import type { StateQuery } from './stateQuery.ts'

export class Needs {
  readonly accounts = new Set<Address>()
  readonly nonces = new Set<Address>()
  readonly slots = new Map<Address, Set<Hex>>()
  readonly blockHashes = new Set<bigint>()

  /** Slots and accounts. */
  get size(): number {
    let size = this.accounts.size
    for (const slots of this.slots.values()) size += slots.size
    return size
  }

  addSlot(address: Address, slot: Hex): void {
    const slots = this.slots.get(address)
    if (slots === undefined) this.slots.set(address, new Set([slot]))
    else slots.add(slot)
  }

  addAll(others: Needs): void {
    for (const address of others.accounts) this.accounts.add(address)
    for (const address of others.nonces) this.nonces.add(address)
    for (const number of others.blockHashes) this.blockHashes.add(number)
    for (const [address, slots] of others.slots) for (const slot of slots) this.addSlot(address, slot)
  }

  /** What of it `state` does not know. */
  missingIn(state: BlockState, withCode: boolean): StateQuery {
    return {
      accounts: [...this.accounts]
        .filter(address => state.account(address) === undefined)
        .map(address => ({ address, withCode })),
      nonces: [...this.nonces].filter(address => state.nonce(address) === undefined),
      slots: [...this.slots].flatMap(([address, slots]) => {
        const missing = [...slots].filter(slot => state.slot(address, slot) === undefined)
        return missing.length === 0 ? [] : [{ address, slots: missing }]
      }),
      blockHashes: [...this.blockHashes].filter(number => state.blockHash(number) === undefined),
    }
  }
}
