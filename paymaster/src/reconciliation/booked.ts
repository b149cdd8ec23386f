// What the ledger has of operations that the chain says the deposit paid for.
import type { Kysely } from 'kysely'
import type { Hash } from 'viem'
import type { LedgerSchema } from '../ledger/schema.ts'

export type Booked = {
  /** It was signed for here. */
  readonly isOurs: boolean
  /** Undefined where it is booked as landed in no block. */
  readonly costWei: bigint | undefined
}

/** SQLite takes a limited number of parameters in one statement. */
const chunkLength = 500

export async function readBooked(
  database: Kysely<LedgerSchema>,
  hashes: readonly Hash[],
): Promise<ReadonlyMap<Hash, Booked>> {
  const booked = new Map<Hash, Booked>()
  for (let start = 0; start < hashes.length; start += chunkLength) {
    const rows = await database
      .selectFrom('signature')
      .innerJoin('exposure', 'exposure.id', 'signature.exposure_id')
      .select([
        'signature.user_operation_hash',
        'signature.adopted',
        'exposure.landed_user_operation_hash',
        'exposure.actual_cost_wei',
      ])
      .where('signature.user_operation_hash', 'in', hashes.slice(start, start + chunkLength))
      .execute()
    for (const row of rows) {
      const hash = row.user_operation_hash as Hash
      const hasLanded = row.landed_user_operation_hash === hash
      booked.set(hash, {
        isOurs: row.adopted === 0,
        costWei: hasLanded ? BigInt(row.actual_cost_wei ?? 0) : undefined,
      })
    }
  }
  return booked
}
