// Statements that are good once: which were used, on the disk, so that a restart takes none of them twice.
import type { Clock } from '@worldland-aa/service/clock'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Hex } from 'viem'
import type { AccessTables } from './tables.ts'

export type UsedStatements = {
  /** False where it was taken before. On the disk before it resolves. */
  take(hash: Hex, goodUntilSeconds: number): Promise<boolean>
}

export function createUsedStatements(options: {
  readonly database: Kysely<AccessTables>
  readonly clock: Clock
}): UsedStatements {
  const { database, clock } = options
  return {
    async take(hash, goodUntilSeconds) {
      const now = Math.floor(clock.now() / 1000)
      await database.deleteFrom('access_statement').where('good_until', '<', now).execute()
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('access_statement')
        .values({ hash, good_until: goodUntilSeconds })
        .onConflict(conflict => conflict.doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },
  }
}
