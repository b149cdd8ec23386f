// What final operations paid in the compute token since the ledger keeps hours: added up by hand, for SQLite's own sums
// are no longer exact beyond eighteen digits.
import type { Kysely } from 'kysely'
import type { LedgerSchema } from '../ledger/schema.ts'

export type ComputeCharges = { readonly chargeWei: bigint; readonly operations: number }

export async function readComputeCharges(
  ledger: Pick<Kysely<LedgerSchema>, 'selectFrom'>,
): Promise<ComputeCharges> {
  const rows = await ledger
    .selectFrom('spend_hour')
    .select(['charge_wei', 'operations'])
    .where('charge_wei', '!=', '0')
    .execute()
  return {
    chargeWei: rows.reduce((sum, row) => sum + BigInt(row.charge_wei), 0n),
    operations: rows.reduce((sum, row) => sum + row.operations, 0),
  }
}
