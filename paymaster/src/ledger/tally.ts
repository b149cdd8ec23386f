// What the reservations of one transaction have in common: where the deposit and the counters of budgets stand, and which
// policies are in force. Each is read once, moved in memory from one reservation to the next and written once, for most
// of them draw on the same few budgets. Nobody else may write those meanwhile.
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { Transaction } from 'kysely'
import type { Budget } from './budget.ts'
import { type BudgetCounter, readCounters, writeCounters, writeHeld } from './budgetCounters.ts'
import { type Position, readPosition, writeDepositHeld } from './position.ts'
import type { LedgerSchema } from './schema.ts'

export type MovedCounter = {
  readonly budget: Pick<Budget, 'id' | 'consumes'>
  readonly counter: BudgetCounter
}

export type Tally = {
  position(): Position
  /** The version of a policy that is in force; undefined where none is. */
  versionInForce(policyId: string): number | undefined
  /** Those that there are. */
  counters(budgetIds: readonly string[]): ReadonlyMap<string, BudgetCounter>
  holdDeposit(wei: bigint): void
  move(counters: readonly MovedCounter[]): void
  /** Writes all that has moved; what is asked for afterwards is read anew. */
  settle(): void
}

export function createTally(ledger: Transaction<LedgerSchema>): Tally {
  const counters = new Map<string, BudgetCounter>()
  const moved = new Map<string, MovedCounter>()
  const versions = new Map<string, number | undefined>()
  let position: Position | undefined
  let heldWei = 0n

  function stand(): Position {
    position ??= readPosition(ledger)
    return position
  }

  return {
    position: stand,
    versionInForce(policyId) {
      if (!versions.has(policyId)) versions.set(policyId, readVersion(ledger, policyId))
      return versions.get(policyId)
    },
    counters(budgetIds) {
      const unread = budgetIds.filter(id => !counters.has(id))
      for (const [id, counter] of readCounters(ledger, unread)) counters.set(id, counter)
      return counters
    },
    holdDeposit(wei) {
      const { depositHeldWei, ...rest } = stand()
      position = { ...rest, depositHeldWei: depositHeldWei + wei }
      heldWei += wei
    },
    move(all) {
      // A hold names its budget, so one that is new has to be there at once.
      writeCounters(
        ledger,
        all.filter(({ budget }) => !counters.has(budget.id)),
      )
      for (const one of all) {
        if (counters.has(one.budget.id)) moved.set(one.budget.id, one)
        counters.set(one.budget.id, one.counter)
      }
    },
    settle() {
      if (position !== undefined && heldWei !== 0n) writeDepositHeld(ledger, position.depositHeldWei)
      for (const one of moved.values()) writeHeld(ledger, one)
      counters.clear()
      moved.clear()
      versions.clear()
      position = undefined
      heldWei = 0n
    },
  }
}

function readVersion(ledger: Transaction<LedgerSchema>, policyId: string): number | undefined {
  const [row] = statementsOf(ledger).all<{ version: number }>(
    "select version from policy where id = ? and state = 'inForce'",
    [policyId],
  )
  return row?.version
}
