// Charges in other ERC-20s of before they were booked by the hour: those whose operations are known go to their hours, the
// rest of each token's sum to hour 0.
import type { Kysely, Transaction } from 'kysely'
import type { LedgerSchema } from '../ledger/schema.ts'
import { bookTokenHour } from './tokenHours.ts'

export async function spreadCharges(database: Kysely<LedgerSchema>): Promise<void> {
  const ledger = database as Transaction<LedgerSchema>
  const left = new Map<string, { units: bigint; operations: number }>()
  for (const { token, charge, operations } of await ledger
    .selectFrom('token_charge_sum')
    .selectAll()
    .execute()) {
    left.set(token, { units: BigInt(charge), operations })
  }
  const rows = await ledger
    .selectFrom('exposure')
    .select(['state', 'landed_at', 'actual_cost_wei', 'charged_token', 'charged_units'])
    .where('charged_token', 'is not', null)
    .execute()
  for (const row of rows) {
    const [token, units] = [row.charged_token ?? '', BigInt(row.charged_units ?? 0)]
    const rest = left.get(token) ?? { units: 0n, operations: 0 }
    left.set(token, { units: rest.units - units, operations: rest.operations - 1 })
    // What is not final yet is booked when it is.
    if (row.state !== 'FINAL') continue
    const costWei = BigInt(row.actual_cost_wei ?? 0)
    await bookTokenHour(ledger, { landedAtSeconds: row.landed_at, token, units, costWei, operations: 1 })
  }
  const before = [...left].filter(([, { units, operations }]) => units > 0n && operations > 0)
  for (const [token, { units, operations }] of before) {
    await ledger
      .insertInto('token_hour')
      .values({ hour: 0, token, units: String(units), cost_wei: '0', operations })
      .execute()
  }
}
