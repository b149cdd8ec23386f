// Where webhooks hang on the service: on what the ledger writes, and on the admin API.
import type { Clock } from '@worldland-aa/service/clock'
import type { Logger } from '@worldland-aa/service/logger'
import type { Kysely } from 'kysely'
import type { Address } from 'viem'
import type { AdminRoutes } from '../admin/adminApi.ts'
import type { AuditLog } from '../admin/auditLog.ts'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import { createDeliveriesRoutes } from '../admin/webhooks/deliveryRoutes.ts'
import { createWebhooksRoutes } from '../admin/webhooks/routes.ts'
import type { PaymasterConfig } from '../config.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PolicyBook } from '../policy/policyBook.ts'
import { createSponsorshipEvents } from './sponsorshipEvents.ts'
import type { WebhookTables } from './tables.ts'
import { createWebhooks, type Webhooks } from './webhooks.ts'

export function composeWebhooks(options: {
  readonly config: Pick<
    PaymasterConfig,
    'dataFile' | 'webhookSecretFile' | 'webhookPrivateNetworks' | 'allowOpenKeyFiles'
  >
  readonly database: Kysely<WebhookTables>
  readonly ledger: Pick<Ledger, 'hearWith'>
  readonly facts: { readonly chainId: number; readonly entryPoint: Address; readonly paymaster: Address }
  readonly policies: Pick<PolicyBook, 'idOf'>
  readonly live: LiveUpdates
  readonly audit: AuditLog
  readonly clock: Clock
  readonly logger: Logger
}): Webhooks & { readonly routes: readonly AdminRoutes[] } {
  const { config, facts, policies, live, audit, clock } = options
  const now = (): number => Math.floor(clock.now() / 1000)
  const webhooks = createWebhooks({
    database: options.database,
    secretFile: config.webhookSecretFile ?? `${config.dataFile}.webhook-secret`,
    allowOpenKeyFiles: config.allowOpenKeyFiles,
    allowPrivateNetworks: config.webhookPrivateNetworks,
    live,
    clock,
    logger: options.logger,
  })
  const { chainId, entryPoint, paymaster } = facts
  const { outbox, pages } = webhooks
  options.ledger.hearWith(
    createSponsorshipEvents({ outbox, chainId, entryPoint, paymaster, policyIdOf: policies.idOf }),
  )
  return {
    ...webhooks,
    routes: [
      createWebhooksRoutes({ webhooks, audit, live, now }),
      createDeliveriesRoutes({ pages, audit, live, now }),
    ],
  }
}
