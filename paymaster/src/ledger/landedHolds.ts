// Of what budgets hold, the part of operations that are in a block: summed up as they land, since budgets of what has not
// landed are asked for with every request. Called inside a transaction only.
import type { Kysely, Transaction } from 'kysely'
import type { LedgerSchema } from './schema.ts'

type Ledger = Kysely<LedgerSchema> | Transaction<LedgerSchema>

export async function countAsLanded(ledger: Ledger, exposureId: number): Promise<void> {
  await move(ledger, exposureId, 1)
}

/** A reorg took it out of its block, or it is settled. */
export async function countNoMore(ledger: Ledger, exposureId: number): Promise<void> {
  await move(ledger, exposureId, -1)
}

async function move(ledger: Ledger, exposureId: number, by: 1 | -1): Promise<void> {
  const holds = await ledger
    .selectFrom('hold')
    .innerJoin('budget', 'budget.id', 'hold.budget_id')
    .select(['budget.id', 'hold.wei', 'hold.operations', 'budget.landed_wei', 'budget.landed_operations'])
    .where('hold.exposure_id', '=', exposureId)
    .execute()
  for (const { id, wei, operations, landed_wei, landed_operations } of holds) {
    await ledger
      .updateTable('budget')
      .set({
        landed_wei: String(BigInt(landed_wei) + BigInt(by) * BigInt(wei)),
        landed_operations: landed_operations + by * operations,
      })
      .where('id', '=', id)
      .execute()
  }
}
