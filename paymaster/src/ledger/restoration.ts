// A ledger that came back from a backup does not know what was signed after it. Each such signature may land until it
// expires, and nothing bounds them here: so nothing is signed until all have expired in a final block.
import { takeBackupMark } from '@worldland-aa/service/database/backupMark'
import type { Logger } from '@worldland-aa/service/logger'
import type { Kysely } from 'kysely'
import { endEverySignIn } from '../admin/session/endEverySignIn.ts'
import type { LedgerSchema } from './schema.ts'

export type Restoration = {
  /** For people; undefined when there is nothing to wait for. */
  waitsFor(): string | undefined
  /** `timestamp` of a block that no reorg is expected to reach, in seconds since the Unix epoch. */
  onFinalBlock(timestamp: bigint): Promise<void>
}

/** By which the clock of the machine that signed may have been ahead of this one's. */
const clockSkewSeconds = 60

/**
 * Takes note of the longest validity that this service gives, for a backup to know it, and of a backup's mark.
 * `nowSeconds` by the clock or the chain, whichever is later.
 */
export async function createRestoration(options: {
  readonly database: Kysely<LedgerSchema>
  readonly longestValiditySeconds: number
  readonly nowSeconds: number
  readonly logger: Logger
}): Promise<Restoration> {
  const { database, nowSeconds, logger } = options
  let silentUntil = await database.transaction().execute(async ledger => {
    const noted = await ledger.selectFrom('longest_validity').select('seconds').executeTakeFirst()
    const seconds = Math.max(options.longestValiditySeconds, noted?.seconds ?? 0)
    await ledger
      .insertInto('longest_validity')
      .values({ id: 1, seconds })
      .onConflict(conflict => conflict.column('id').doUpdateSet({ seconds }))
      .execute()
    const waiting = await ledger.selectFrom('restoration').select('silent_until').executeTakeFirst()
    const backedUpAt = await takeBackupMark(ledger)
    if (backedUpAt === undefined) return waiting?.silent_until
    await endEverySignIn(ledger)
    const silent_until = Math.max(waiting?.silent_until ?? 0, nowSeconds + seconds + clockSkewSeconds)
    await ledger
      .insertInto('restoration')
      .values({ id: 1, backed_up_at: backedUpAt, silent_until })
      .onConflict(conflict => conflict.column('id').doUpdateSet({ backed_up_at: backedUpAt, silent_until }))
      .execute()
    return silent_until
  })
  if (silentUntil !== undefined) {
    logger.warn(
      { silentUntil: timeOf(silentUntil) },
      `this ledger is a backup: nothing is signed before ${why}`,
    )
  }

  return {
    waitsFor() {
      if (silentUntil === undefined) return undefined
      return `what was signed after the backup of its ledger to expire, at ${timeOf(silentUntil)} by the chain's clock`
    },
    async onFinalBlock(timestamp) {
      if (silentUntil === undefined || timestamp <= BigInt(silentUntil)) return
      await database.deleteFrom('restoration').execute()
      silentUntil = undefined
      logger.info(
        'whatever was signed after the backup of this ledger has expired: operations are signed for again',
      )
    },
  }
}

const why = 'whatever was signed after it has expired in a final block'

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
