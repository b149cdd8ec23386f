// Which nonces are used up, on a chain that may have two ends for a while: what both have in common below, and what only
// one of them says above.
import type { Operation } from '../operations.ts'
import type { Transaction } from './block.ts'

export type BranchState = {
  /** Height at which it landed; undefined while it has not. */
  landedAt(operation: Operation): number | undefined
  minedAt(transaction: Transaction): number | undefined
  executorNonce(executor: number): number
  land(operation: Operation, height: number): void
  /** Uses up its executor's nonce. */
  mine(transaction: Transaction, height: number): void
  /** One that says the same, and from now on something of its own. */
  fork(): BranchState
  /** Makes what this fork says true below as well. */
  settle(): void
}

export function createBranchState(below?: BranchState): BranchState {
  const landings = new Map<Operation, number>()
  const mined = new Map<Transaction, number>()
  const nonces = new Map<number, number>()

  const state: BranchState = {
    landedAt: operation => landings.get(operation) ?? below?.landedAt(operation),
    minedAt: transaction => mined.get(transaction) ?? below?.minedAt(transaction),
    executorNonce: executor => nonces.get(executor) ?? below?.executorNonce(executor) ?? 0,
    land: (operation, height) => landings.set(operation, height),
    mine(transaction, height) {
      mined.set(transaction, height)
      nonces.set(transaction.executor, transaction.nonce + 1)
    },
    fork: () => createBranchState(state),
    settle() {
      if (below === undefined) return
      for (const [operation, height] of landings) below.land(operation, height)
      for (const [transaction, height] of mined) below.mine(transaction, height)
    },
  }
  return state
}
