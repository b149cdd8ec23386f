// Of what was asked lately much was refused: a policy that fits no more, a deposit that is used up, or somebody who tries.
import type { Kysely } from 'kysely'
import type { LedgerSchema } from '../../ledger/schema.ts'
import type { AlertRule } from '../alertRule.ts'

/** Of fewer requests a share says nothing. */
const leastRequests = 20
const hourSeconds = 3_600

export function refusalRateHigh(options: {
  readonly database: Kysely<LedgerSchema>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): AlertRule {
  const { database, now } = options
  return {
    kind: 'refusalRateHigh',
    severity: 'warning',
    unit: 'percent',
    opens: 'above',
    defaults: { openAt: '50', closeAt: '30' },
    describe: `The share of requests refused in this hour and the one before, where there were at least ${leastRequests}`,
    async measure() {
      const rows = await database
        .selectFrom('decision_hour')
        .select(['outcome', 'reason', 'requests'])
        .where('hour', '>', now() - 2 * hourSeconds)
        .execute()
      const total = rows.reduce((sum, { requests }) => sum + requests, 0)
      if (total < leastRequests) return []
      const byReason = new Map<string, number>()
      for (const { outcome, reason, requests } of rows) {
        if (outcome === 'refused') byReason.set(reason, (byReason.get(reason) ?? 0) + requests)
      }
      const refused = [...byReason.values()].reduce((sum, requests) => sum + requests, 0)
      const percent = ((refused / total) * 100).toFixed(1)
      const reasons = [...byReason]
        .toSorted(([, one], [, other]) => other - one)
        .slice(0, 3)
        .map(([reason, requests]) => `${reason} (${requests})`)
      const most = reasons.length === 0 ? '' : `, most for ${reasons.join(', ')}`
      return [
        {
          subject: null,
          value: percent,
          title: `${percent} % of requests are refused`,
          state: `Of ${total} requests lately ${refused} were refused${most}.`,
          remedy: 'Look into the refused operations: each says which rule refused it, and why.',
        },
      ]
    },
  }
}
