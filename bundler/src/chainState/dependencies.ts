// What an outcome stood on: the parts of the state that were read and what they were. As long as they are the same at
// another block, so is the outcome, and nothing need be run again.
import type { Address, Hex } from 'viem'
import type { BlockState } from './blockState.ts'
import { Needs } from './needs.ts'
import type { RecordingView } from './recordingView.ts'

export class Dependencies {
  readonly #needs = new Needs()
  readonly #codeHashes = new Map<Address, Hex>()
  readonly #balances = new Map<Address, bigint>()
  readonly #nonces = new Map<Address, bigint>()
  readonly #slots: { readonly address: Address; readonly slot: Hex; readonly value: bigint }[] = []
  #isTiedToBlock = false

  /** Of a view that was complete, at its block. */
  add({ read, balancesRead }: RecordingView, state: BlockState): void {
    this.#needs.addAll(read)
    for (const address of read.accounts) {
      const account = state.account(address)
      if (account === undefined) continue
      this.#codeHashes.set(address, account.codeHash)
      if (balancesRead.has(address)) this.#balances.set(address, account.balanceWei)
    }
    for (const address of read.nonces) this.#nonces.set(address, state.nonce(address) ?? 0n)
    for (const [address, slots] of read.slots) {
      for (const slot of slots) this.#slots.push({ address, slot, value: state.slot(address, slot) ?? 0n })
    }
    if (read.blockHashes.size > 0) this.#isTiedToBlock = true
  }

  /** What must be known of a block to tell whether they hold there. */
  get needs(): Needs {
    return this.#needs
  }

  /** `state` must know all of `needs`. */
  holdAt(state: BlockState): boolean {
    return (
      !this.#isTiedToBlock &&
      this.#slots.every(({ address, slot, value }) => state.slot(address, slot) === value) &&
      [...this.#codeHashes].every(([address, hash]) => state.account(address)?.codeHash === hash) &&
      [...this.#balances].every(([address, balance]) => state.account(address)?.balanceWei === balance) &&
      [...this.#nonces].every(([address, nonce]) => state.nonce(address) === nonce)
    )
  }
}
