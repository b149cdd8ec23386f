// What the ledger has of operations that paid in other ERC-20s.
import type { Kysely } from 'kysely'
import type { Hash } from 'viem'
import type { LedgerSchema } from '../ledger/schema.ts'

export type BookedCharge = {
  /** It was signed for here. */
  readonly isOurs: boolean
  /** Lower case; null where it is booked as having paid in none. */
  readonly token: string | null
  readonly units: bigint
}

/** SQLite takes a limited number of parameters in one statement. */
const chunkLength = 500

export async function readBookedCharges(
  database: Kysely<LedgerSchema>,
  hashes: readonly Hash[],
): Promise<ReadonlyMap<Hash, BookedCharge>> {
  const booked = new Map<Hash, BookedCharge>()
  for (let start = 0; start < hashes.length; start += chunkLength) {
    const rows = await database
      .selectFrom('signature')
      .innerJoin('exposure', 'exposure.id', 'signature.exposure_id')
      .select([
        'signature.user_operation_hash as hash',
        'signature.adopted',
        'exposure.landed_user_operation_hash as landed',
        'exposure.charged_token as token',
        'exposure.charged_units as units',
      ])
      .where('signature.user_operation_hash', 'in', hashes.slice(start, start + chunkLength))
      .execute()
    for (const { hash, adopted, landed, token, units } of rows) {
      const isLanded = landed === hash
      booked.set(hash as Hash, {
        isOurs: adopted === 0,
        token: isLanded ? token : null,
        units: isLanded ? BigInt(units ?? 0) : 0n,
      })
    }
  }
  return booked
}
