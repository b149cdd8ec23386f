// The stage of webhooks put together: endpoints, the outbox that others write to, and the worker that sends.
import type { Clock } from '@worldland-aa/service/clock'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { AddressRules } from '@worldland-aa/service/outgoing/publicAddress'
import type { Kysely } from 'kysely'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import { createDeliveryPages, type DeliveryPages } from './deliveryPages.ts'
import { createDeliveryStore, type DeliveryStore } from './deliveryStore.ts'
import { createDeliveryWorker } from './deliveryWorker.ts'
import { createEndpointBook, type EndpointBook } from './endpointBook.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { openSigningSecrets, type SigningSecrets } from './signingSecret.ts'
import type { WebhookTables } from './tables.ts'

export type Webhooks = {
  readonly endpoints: EndpointBook
  readonly outbox: Outbox
  readonly store: DeliveryStore
  readonly pages: DeliveryPages
  readonly secrets: SigningSecrets
  readonly rules: AddressRules
  readonly database: Kysely<WebhookTables>
  readonly part: Part
}

/** Throws when the file of secrets will not do. */
export function createWebhooks(options: {
  readonly database: Kysely<WebhookTables>
  readonly secretFile: string
  readonly allowOpenKeyFiles: boolean
  readonly allowPrivateNetworks: boolean
  readonly live: Pick<LiveUpdates, 'tell'>
  readonly clock: Clock
  readonly logger: Logger
  readonly pollMilliseconds?: number
}): Webhooks {
  const { database, clock, logger, live } = options
  const now = (): number => Math.floor(clock.now() / 1000)
  const secrets = openSigningSecrets(options.secretFile, { mayBeOpen: options.allowOpenKeyFiles })
  const rules = { allowPrivateNetworks: options.allowPrivateNetworks }
  const endpoints = createEndpointBook({ database, now })
  const store = createDeliveryStore(database)
  const worker = createDeliveryWorker({
    endpoints,
    store,
    secrets,
    rules,
    clock,
    logger,
    onAttempts(attempts) {
      for (const { deliveryId } of attempts) live.tell({ kind: 'delivery', id: String(deliveryId) })
    },
    ...(options.pollMilliseconds !== undefined && { pollMilliseconds: options.pollMilliseconds }),
  })

  /** Whoever lost the file has every receiver refuse what is signed, and should hear why. */
  async function checkFingerprint(): Promise<void> {
    const known = await database.selectFrom('webhook_secret').select('fingerprint').executeTakeFirst()
    const { fingerprint } = secrets
    if (known !== undefined && known.fingerprint !== fingerprint && endpoints.all().length > 0) {
      logger.warn(
        { file: options.secretFile },
        'webhooks are signed by another file of secrets than before: put the old one back, or rotate the secret of each endpoint and give it to its receiver',
      )
    }
    await database
      .insertInto('webhook_secret')
      .values({ id: 1, fingerprint })
      .onConflict(conflict => conflict.column('id').doUpdateSet({ fingerprint }))
      .execute()
  }

  return {
    endpoints,
    outbox: createOutbox({ endpoints, now }),
    store,
    pages: createDeliveryPages({ database, endpoints }),
    secrets,
    rules,
    database,
    part: {
      name: worker.name,
      async start() {
        await endpoints.start()
        await checkFingerprint()
        await worker.start()
      },
      stop: worker.stop,
    },
  }
}
