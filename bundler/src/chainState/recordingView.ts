// The state of a block as an execution sees it. It writes down what was read; what is not known reads as nothing, and
// then the execution is worth nothing but the list of what it lacked.
import type { Address, Hex } from 'viem'
import { type Code, emptyCode } from '../evm/code.ts'
import type { EvmState } from '../evm/state.ts'
import type { BlockState } from './blockState.ts'
import type { CodeStore } from './codeStore.ts'
import { Needs } from './needs.ts'

const noHash: Hex = `0x${'00'.repeat(32)}`

export class RecordingView implements EvmState {
  readonly read = new Needs()
  /** Addresses whose balance mattered, rather than their code alone. */
  readonly balancesRead = new Set<Address>()
  readonly #state: BlockState
  readonly #codes: CodeStore
  #isComplete = true

  constructor(state: BlockState, codes: CodeStore) {
    this.#state = state
    this.#codes = codes
  }

  /** Whether all that was read was known. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  balance(address: Address): bigint {
    this.balancesRead.add(address)
    return this.#account(address)?.balanceWei ?? 0n
  }

  code(address: Address): Code {
    const account = this.#account(address)
    return account === undefined ? emptyCode : this.#codes.get(account.codeHash)
  }

  codeHash(address: Address): Hex {
    return this.#account(address)?.codeHash ?? noHash
  }

  nonce(address: Address): bigint {
    // What is empty has none: no need to ask.
    if (this.#account(address)?.codeHash === noHash) return 0n
    this.read.nonces.add(address)
    return this.#known(this.#state.nonce(address)) ?? 0n
  }

  storage(address: Address, slot: Hex): bigint {
    this.read.addSlot(address, slot)
    return this.#known(this.#state.slot(address, slot)) ?? 0n
  }

  blockHash(number: bigint): Hex {
    this.read.blockHashes.add(number)
    return this.#known(this.#state.blockHash(number)) ?? noHash
  }

  #account(address: Address) {
    this.read.accounts.add(address)
    return this.#known(this.#state.account(address))
  }

  #known<Value>(value: Value | undefined): Value | undefined {
    if (value === undefined) this.#isComplete = false
    return value
  }
}
