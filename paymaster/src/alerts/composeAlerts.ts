// Where alerts hang on the service: what each of them measures, and who hears of them.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Kysely } from 'kysely'
import type { AdminRoutes } from '../admin/adminApi.ts'
import { createAlertsRoutes } from '../admin/alerts/routes.ts'
import type { AuditLog } from '../admin/auditLog.ts'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import type { OpenAlert } from '../admin/overview/describeHouse.ts'
import type { ReadOverview } from '../admin/overview/readOverview.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { PolicyBook } from '../policy/policyBook.ts'
import type { Tokens } from '../pricing/tokens/tokens.ts'
import type { Signers } from '../signing/signers.ts'
import type { ShownToken } from '../tokenAmount.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { createAlertBook } from './alertBook.ts'
import { createAlertWatch } from './alertWatch.ts'
import { budgetNearlyUsed } from './rules/budgetNearlyUsed.ts'
import { depositLow } from './rules/depositLow.ts'
import { ledgerDrift } from './rules/ledgerDrift.ts'
import { priceStale } from './rules/priceStale.ts'
import { refusalRateHigh } from './rules/refusalRateHigh.ts'
import { runwayShort } from './rules/runwayShort.ts'
import { signerRevoked } from './rules/signerRevoked.ts'
import { unpaidCharge } from './rules/unpaidCharge.ts'
import { webhookGivenUp } from './rules/webhookGivenUp.ts'
import { createThresholds } from './thresholds.ts'

export type Alerts = {
  readonly routes: readonly AdminRoutes[]
  /** For the console's first page. */
  openAlerts(): Promise<readonly OpenAlert[]>
  readonly part: Part
}

const mostOpen = 50

export function composeAlerts(options: {
  readonly config: { readonly depositMinimumWei: bigint }
  readonly database: Kysely<LedgerSchema>
  /** The compute token. */
  readonly token: ShownToken
  readonly ledger: Pick<Ledger, 'position'>
  readonly policies: Pick<PolicyBook, 'inForce'>
  readonly signers: Pick<Signers, 'active' | 'isTrusted'>
  readonly tokens: Pick<Tokens, 'accepted' | 'keeperOf'>
  readonly webhooks: Pick<Webhooks, 'endpoints' | 'store' | 'outbox'>
  /** Asked when something is measured, and so after it was composed. */
  readonly readOverview: ReadOverview
  readonly audit: AuditLog
  readonly live: LiveUpdates
  /** Seconds since the Unix epoch; as the chain measures them, and by the clock. */
  readonly now: () => number
  readonly clock: () => number
  readonly logger: Logger
}): Alerts {
  const { config, database, ledger, policies, readOverview, now, clock, live, audit, logger } = options
  const rules = [
    signerRevoked(options.signers),
    depositLow({ ledger, depositMinimumWei: config.depositMinimumWei }),
    runwayShort(readOverview),
    ledgerDrift({ database }),
    budgetNearlyUsed({ database, token: options.token, policies: policies.inForce, now }),
    refusalRateHigh({ database, now: clock }),
    unpaidCharge(readOverview),
    priceStale({ tokens: options.tokens, now }),
    webhookGivenUp({ ...options.webhooks, now: clock }),
  ]
  const thresholds = createThresholds({ database, rules })
  const book = createAlertBook({ database, outbox: options.webhooks.outbox, now: clock })
  const watch = createAlertWatch({ rules, thresholds, book, live, logger })
  return {
    routes: [createAlertsRoutes({ book, thresholds, watch, audit, live })],
    async openAlerts() {
      const open = await book.page({ state: 'open', limit: mostOpen })
      return open.map(({ id, kind, subject, severity, title, value, openedAtSeconds }) => ({
        ...{ id, kind, subject, severity, title, value, openedAtSeconds },
      }))
    },
    part: watch,
  }
}
