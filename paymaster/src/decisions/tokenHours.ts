// What final operations paid in other ERC-20s, hour by hour and token by token: booked in the transaction that books what
// they cost, to the unit. There is no sum over tokens: nobody here says what one is worth in another.
import type { Transaction } from 'kysely'
import type { LedgerSchema } from '../ledger/schema.ts'
import { hourOf } from './hourlySpend.ts'

export type ChargedHour = {
  /** When its block was; seconds since the Unix epoch, null where that is not known. */
  readonly landedAtSeconds: number | null
  /** Lower case. */
  readonly token: string
  readonly units: bigint
  readonly costWei: bigint
  readonly operations: 1 | -1
}

/** Of what a reorg took back, all sums are negative. */
export async function bookTokenHour(ledger: Transaction<LedgerSchema>, charged: ChargedHour): Promise<void> {
  const { landedAtSeconds, token, units, costWei, operations } = charged
  const hour = hourOf(landedAtSeconds ?? 0)
  const known = await ledger
    .selectFrom('token_hour')
    .selectAll()
    .where('hour', '=', hour)
    .where('token', '=', token)
    .executeTakeFirst()
  const row = {
    units: String(BigInt(known?.units ?? 0) + units),
    cost_wei: String(BigInt(known?.cost_wei ?? 0) + costWei),
    operations: (known?.operations ?? 0) + operations,
  }
  await ledger
    .insertInto('token_hour')
    .values({ hour, token, ...row })
    .onConflict(conflict => conflict.columns(['hour', 'token']).doUpdateSet(row))
    .execute()
}
