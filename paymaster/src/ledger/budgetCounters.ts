// Moves what is held and used of budgets. Called inside a transaction only.
import type { Transaction } from 'kysely'
import type { Budget } from './budget.ts'
import type { LedgerSchema } from './schema.ts'

type Ledger = Transaction<LedgerSchema>

export type BudgetCounter = {
  readonly heldWei: bigint
  readonly heldOperations: number
  readonly usedWei: bigint
  readonly usedOperations: number
}

const unused: BudgetCounter = { heldWei: 0n, heldOperations: 0, usedWei: 0n, usedOperations: 0 }

export async function readCounter(ledger: Ledger, budgetId: string): Promise<BudgetCounter> {
  const row = await ledger.selectFrom('budget').selectAll().where('id', '=', budgetId).executeTakeFirst()
  if (row === undefined) return unused
  return {
    heldWei: BigInt(row.held_wei),
    heldOperations: row.held_operations,
    usedWei: BigInt(row.used_wei),
    usedOperations: row.used_operations,
  }
}

export async function writeCounter(
  ledger: Ledger,
  budget: Pick<Budget, 'id' | 'consumes'>,
  counter: BudgetCounter,
): Promise<void> {
  const row = {
    consumes: budget.consumes,
    held_wei: String(counter.heldWei),
    held_operations: counter.heldOperations,
    used_wei: String(counter.usedWei),
    used_operations: counter.usedOperations,
  }
  await ledger
    .insertInto('budget')
    .values({ id: budget.id, ...row })
    .onConflict(conflict => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Gives back all that the exposure holds. */
export async function releaseHolds(ledger: Ledger, exposureId: number): Promise<void> {
  const holds = await ledger
    .deleteFrom('hold')
    .where('exposure_id', '=', exposureId)
    .returning(['budget_id', 'wei', 'operations'])
    .execute()
  for (const hold of holds) {
    const counter = await readCounter(ledger, hold.budget_id)
    await ledger
      .updateTable('budget')
      .set({
        held_wei: String(counter.heldWei - BigInt(hold.wei)),
        held_operations: counter.heldOperations - hold.operations,
      })
      .where('id', '=', hold.budget_id)
      .execute()
  }
}

/** Books a landed operation on the budgets that its signature drew on. */
export async function useBudgets(
  ledger: Ledger,
  budgetIds: readonly string[],
  landed: { readonly costWei: bigint; readonly lossWei: bigint },
): Promise<void> {
  for (const id of budgetIds) {
    const row = await ledger.selectFrom('budget').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    if (row.consumes === 'nothing') continue
    const wei = row.consumes === 'cost' ? landed.costWei : landed.lossWei
    await ledger
      .updateTable('budget')
      .set({ used_wei: String(BigInt(row.used_wei) + wei), used_operations: row.used_operations + 1 })
      .where('id', '=', id)
      .execute()
  }
}
