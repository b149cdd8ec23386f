// Lets go of rows that nothing needs any more, some at a time. What they added up to stays: budgets are counters, and what
// was spent has sums of its own.
import type { Selectable, Transaction } from 'kysely'
import { pruneDecisions } from '../decisions/pruneDecisions.ts'
import { windowEnd } from './budgetWindow.ts'
import { isClosed, isUnsent } from './exposureStates.ts'
import { pruneMishaps } from './mishaps.ts'
import type { LedgerSchema } from './schema.ts'

type Ledger = Transaction<LedgerSchema>

export type Pruned = { readonly exposures: number; readonly budgets: number }

/** Rows of each table in one step, so that no block waits for a year's rows. */
const exposuresAtOnce = 200
const unsentAtOnce = 500
const signaturesAtOnce = 1_000
const budgetsAtOnce = 200

/** Until when what goes was valid at the longest; seconds since the Unix epoch. */
export type Retention = {
  /** Final or expired. */
  readonly beforeSeconds: number
  /** Expired in no block: a wish, of which nobody asks any more. Anyone makes as many as he likes. */
  readonly unsentBeforeSeconds: number
}

export function createPruner(): (ledger: Ledger, retention: Retention) => Promise<Pruned> {
  /** Budgets up to here were looked at in this round. */
  let budgetsSeen = ''
  return async (ledger, retention) => {
    const { beforeSeconds, unsentBeforeSeconds } = retention
    await pruneDecisions(ledger, retention)
    const exposures =
      (await pruneUnsent(ledger, unsentBeforeSeconds)) + (await pruneOld(ledger, beforeSeconds))
    await pruneMishaps(ledger, beforeSeconds)
    const ids = await ledger
      .selectFrom('budget')
      .selectAll()
      .where('id', '>', budgetsSeen)
      .orderBy('id')
      .limit(budgetsAtOnce)
      .execute()
    budgetsSeen = ids.length < budgetsAtOnce ? '' : (ids.at(-1)?.id ?? '')
    const idle = ids.filter(row => row.held_operations === 0 && row.held_wei === '0')
    // One that nothing was used of tells nothing: it is made anew where it is asked for.
    const gone = idle.filter(
      row => row.consumes === 'nothing' || isUnused(row) || windowEnd(row.id) < beforeSeconds,
    )
    if (gone.length > 0) {
      const names = gone.map(({ id }) => id)
      await ledger.deleteFrom('budget').where('id', 'in', names).execute()
    }
    return { exposures, budgets: gone.length }
  }
}

async function pruneOld(ledger: Ledger, beforeSeconds: number): Promise<number> {
  const rows = await ledger
    .selectFrom('exposure')
    .select('id')
    .where(isClosed)
    .where('valid_until', '<', beforeSeconds)
    .orderBy('valid_until')
    .limit(exposuresAtOnce)
    .execute()
  return await remove(ledger, rows)
}

async function pruneUnsent(ledger: Ledger, beforeSeconds: number): Promise<number> {
  const rows = await ledger
    .selectFrom('exposure')
    .select('id')
    .where(isUnsent)
    .where('valid_until', '<', beforeSeconds)
    .orderBy('valid_until')
    .limit(unsentAtOnce)
    .execute()
  return await remove(ledger, rows)
}

async function remove(ledger: Ledger, rows: readonly { readonly id: number }[]): Promise<number> {
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  const { numDeletedRows } = await ledger
    .deleteFrom('signature')
    .where('user_operation_hash', 'in', query =>
      query
        .selectFrom('signature')
        .select('user_operation_hash')
        .where('exposure_id', 'in', ids)
        .limit(signaturesAtOnce),
    )
    .executeTakeFirst()
  // Some that hang on them may be left: the next step goes on with them.
  if (numDeletedRows >= BigInt(signaturesAtOnce)) return 0
  await ledger.deleteFrom('exposure').where('id', 'in', ids).execute()
  return ids.length
}

function isUnused({ used_wei, used_operations }: Selectable<LedgerSchema['budget']>): boolean {
  return used_wei === '0' && used_operations === 0
}
