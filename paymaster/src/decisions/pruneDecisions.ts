// Lets go of decisions with the ledger's rows that they led to, some in each block.
import { sql, type Transaction } from 'kysely'
import type { Retention } from '../ledger/prune.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import { removeDecisions } from './writeDecisions.ts'

const decisionsAtOnce = 400
const hoursAtOnce = 200
/** The console shows 30 days of refusals. */
const decisionHoursKeptSeconds = 40 * 86_400

export async function pruneDecisions(
  ledger: Transaction<LedgerSchema>,
  { beforeSeconds, unsentBeforeSeconds }: Retention,
): Promise<void> {
  // Facet by facet, for that is what the index goes by.
  const { rows } = await sql<{ id: number; facet_id: number }>`
    select decision.id, decision.facet_id from decision_facet
    cross join decision on decision.facet_id = decision_facet.id and decision.at < ${beforeSeconds}
    where decision_facet.decisions > 0 and decision_facet.state not in ('reserved', 'included')
    limit ${decisionsAtOnce}`.execute(ledger)
  await removeDecisions(ledger, rows)
  await sql`delete from decision_hour where (hour, outcome, reason, mode, policy_id) in (
    select hour, outcome, reason, mode, policy_id from decision_hour
    where hour < ${unsentBeforeSeconds - decisionHoursKeptSeconds} limit ${hoursAtOnce})`.execute(ledger)
}
