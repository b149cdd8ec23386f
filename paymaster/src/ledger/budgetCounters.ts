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
  /** Of what is held, the part of operations that are in a block. */
  readonly landedWei: bigint
  readonly landedOperations: number
}

const unused: BudgetCounter = {
  heldWei: 0n,
  heldOperations: 0,
  usedWei: 0n,
  usedOperations: 0,
  landedWei: 0n,
  landedOperations: 0,
}

export async function readCounter(ledger: Ledger, budgetId: string): Promise<BudgetCounter> {
  const row = await ledger.selectFrom('budget').selectAll().where('id', '=', budgetId).executeTakeFirst()
  if (row === undefined) return unused
  return {
    heldWei: BigInt(row.held_wei),
    heldOperations: row.held_operations,
    usedWei: BigInt(row.used_wei),
    usedOperations: row.used_operations,
    landedWei: BigInt(row.landed_wei),
    landedOperations: row.landed_operations,
  }
}

export async function writeCounter(
  ledger: Ledger,
  budget: Pick<Budget, 'id' | 'consumes'>,
  counter: Omit<BudgetCounter, 'landedWei' | 'landedOperations'>,
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

/** Holds again what was released; a counter that was let go of meanwhile bounded nothing but what is open. */
export async function holdBudgets(
  ledger: Ledger,
  exposureId: number,
  weiByBudget: ReadonlyMap<string, bigint>,
): Promise<void> {
  for (const [id, wei] of weiByBudget) {
    const row = await ledger.selectFrom('budget').select('consumes').where('id', '=', id).executeTakeFirst()
    const counter = await readCounter(ledger, id)
    const held = { heldWei: counter.heldWei + wei, heldOperations: counter.heldOperations + 1 }
    await writeCounter(ledger, { id, consumes: row?.consumes ?? 'nothing' }, { ...counter, ...held })
    await ledger
      .insertInto('hold')
      .values({ exposure_id: exposureId, budget_id: id, wei: String(wei), operations: 1 })
      .execute()
  }
}

export type LandedUse = {
  readonly costWei: bigint
  readonly lossWei: bigint
  /** What it may have spent of the token, by budget; nothing where it failed. */
  readonly tokenWei: (budgetId: string) => bigint
  readonly operations: 1 | -1
}

/** Books a landed operation on the budgets that its signature drew on; one that was walked back, negatively. */
export async function useBudgets(
  ledger: Ledger,
  budgetIds: readonly string[],
  landed: LandedUse,
): Promise<void> {
  for (const id of budgetIds) {
    const row = await ledger.selectFrom('budget').selectAll().where('id', '=', id).executeTakeFirst()
    // One that was let go of is of a window that is over, or counts nothing that is used.
    if (row === undefined || row.consumes === 'nothing') continue
    const { costWei, lossWei, tokenWei } = landed
    const wei = row.consumes === 'cost' ? costWei : row.consumes === 'loss' ? lossWei : tokenWei(id)
    await ledger
      .updateTable('budget')
      .set({
        used_wei: String(BigInt(row.used_wei) + wei),
        used_operations: row.used_operations + landed.operations,
      })
      .where('id', '=', id)
      .execute()
  }
}
