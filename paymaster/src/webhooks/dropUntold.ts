// Of messages only those go that no delivery holds any more: one message may be told to several endpoints.
import type { DeleteQueryBuilder, DeleteResult } from 'kysely'
import type { WebhookTables } from './tables.ts'

export function dropUntold(
  query: DeleteQueryBuilder<WebhookTables, 'webhook_message', DeleteResult>,
): DeleteQueryBuilder<WebhookTables, 'webhook_message', DeleteResult> {
  return query.where(({ not, exists, selectFrom }) =>
    not(
      exists(
        selectFrom('webhook_delivery')
          .select('webhook_delivery.id')
          .whereRef('webhook_delivery.message_id', '=', 'webhook_message.id'),
      ),
    ),
  )
}
