// Moves what is held and used of budgets. Called inside a transaction only.
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { Selectable, Transaction } from 'kysely'
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

export const unusedCounter: BudgetCounter = {
  heldWei: 0n,
  heldOperations: 0,
  usedWei: 0n,
  usedOperations: 0,
  landedWei: 0n,
  landedOperations: 0,
}

/** Those that there are. */
export function readCounters(
  ledger: Ledger,
  budgetIds: readonly string[],
): ReadonlyMap<string, BudgetCounter> {
  if (budgetIds.length === 0) return new Map()
  const rows = statementsOf(ledger).all<Selectable<LedgerSchema['budget']>>(
    `select * from budget where id in ${rowsOf(1, budgetIds.length)}`,
    budgetIds,
  )
  return new Map(
    rows.map(row => [
      row.id,
      {
        heldWei: BigInt(row.held_wei),
        heldOperations: row.held_operations,
        usedWei: BigInt(row.used_wei),
        usedOperations: row.used_operations,
        landedWei: BigInt(row.landed_wei),
        landedOperations: row.landed_operations,
      },
    ]),
  )
}

function readCounter(ledger: Ledger, budgetId: string): BudgetCounter {
  return readCounters(ledger, [budgetId]).get(budgetId) ?? unusedCounter
}

type WrittenCounter = {
  readonly budget: Pick<Budget, 'id' | 'consumes'>
  readonly counter: Omit<BudgetCounter, 'landedWei' | 'landedOperations'>
}

/** What there is of them stays as it is. */
export function makeCounters(ledger: Ledger, budgets: readonly Pick<Budget, 'id' | 'consumes'>[]): void {
  const known = readCounters(
    ledger,
    budgets.map(({ id }) => id),
  )
  const written = budgets.map(budget => ({ budget, counter: known.get(budget.id) ?? unusedCounter }))
  writeCounters(ledger, written)
}

/** In one statement. */
export function writeCounters(ledger: Ledger, written: readonly WrittenCounter[]): void {
  if (written.length === 0) return
  const values = written.flatMap(({ budget, counter }) => [
    ...[budget.id, budget.consumes],
    ...[String(counter.heldWei), counter.heldOperations, String(counter.usedWei), counter.usedOperations],
  ])
  statementsOf(ledger).run(`${insertCounters} ${rowsOf(written.length, 6)} ${updateCounters}`, values)
}

/** Of one that there is. */
export function writeHeld(ledger: Ledger, { budget, counter }: WrittenCounter): void {
  statementsOf(ledger).run('update budget set consumes = ?, held_wei = ?, held_operations = ? where id = ?', [
    ...[budget.consumes, String(counter.heldWei), counter.heldOperations, budget.id],
  ])
}

const insertCounters =
  'insert into budget (id, consumes, held_wei, held_operations, used_wei, used_operations) values'
const updateCounters = `on conflict (id) do update set consumes = excluded.consumes,
  held_wei = excluded.held_wei, held_operations = excluded.held_operations,
  used_wei = excluded.used_wei, used_operations = excluded.used_operations`

/** `(?, ?), (?, ?)` */
export function rowsOf(count: number, columns: number): string {
  const row = `(${Array(columns).fill('?').join(', ')})`
  return Array(count).fill(row).join(', ')
}

/** Gives back all that the exposure holds. */
export async function releaseHolds(ledger: Ledger, exposureId: number): Promise<void> {
  const holds = await ledger
    .deleteFrom('hold')
    .where('exposure_id', '=', exposureId)
    .returning(['budget_id', 'wei', 'operations'])
    .execute()
  for (const hold of holds) {
    const counter = readCounter(ledger, hold.budget_id)
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
    const counter = readCounter(ledger, id)
    const held = { heldWei: counter.heldWei + wei, heldOperations: counter.heldOperations + 1 }
    const budget = { id, consumes: row?.consumes ?? 'nothing' } as const
    writeCounters(ledger, [{ budget, counter: { ...counter, ...held } }])
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
