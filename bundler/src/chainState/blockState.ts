// What is known of the state at one block: grows as it is asked for, never mixes with another block's.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address, Hex } from 'viem'
import type { CodeStore } from './codeStore.ts'
import type { StateAnswer, StateQuery } from './stateQuery.ts'

export type KnownAccount = {
  readonly balanceWei: bigint
  /** As EXTCODEHASH tells it: zero for an account that is empty. */
  readonly codeHash: Hex
}

export class BlockState {
  readonly block: Block
  readonly #codes: CodeStore
  readonly #accounts = new Map<Address, KnownAccount>()
  readonly #nonces = new Map<Address, bigint>()
  readonly #slots = new Map<Address, Map<Hex, bigint>>()
  readonly #blockHashes = new Map<bigint, Hex>()
  #slotCount = 0

  constructor(block: Block, codes: CodeStore) {
    this.block = block
    this.#codes = codes
  }

  /** Known only together with its code. */
  account(address: Address): KnownAccount | undefined {
    const account = this.#accounts.get(address)
    return account !== undefined && this.#codes.has(account.codeHash) ? account : undefined
  }

  nonce(address: Address): bigint | undefined {
    return this.#nonces.get(address)
  }

  slot(address: Address, slot: Hex): bigint | undefined {
    return this.#slots.get(address)?.get(slot)
  }

  blockHash(number: bigint): Hex | undefined {
    return this.#blockHashes.get(number)
  }

  get slotCount(): number {
    return this.#slotCount
  }

  learn(query: StateQuery, answer: StateAnswer): void {
    for (const [index, { address }] of query.accounts.entries()) {
      const { balanceWei, codeHash, code } = present(answer.accounts[index])
      this.#accounts.set(address, { balanceWei, codeHash })
      if (code !== undefined) this.#codes.add(codeHash, code)
    }
    for (const [index, { address, slots }] of query.slots.entries()) {
      const known = this.#slots.get(address) ?? new Map<Hex, bigint>()
      this.#slots.set(address, known)
      this.#slotCount += slots.length
      for (const [at, slot] of slots.entries()) known.set(slot, present(answer.slots[index]?.[at]))
    }
    for (const [index, address] of query.nonces.entries()) {
      this.#nonces.set(address, present(answer.nonces[index]))
    }
    for (const [index, number] of query.blockHashes.entries()) {
      this.#blockHashes.set(number, present(answer.blockHashes[index]))
    }
  }
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The state was read only in part')
  return value
}
