// The transactional outbox: what is to be told is written in the very transaction of what it tells, so that neither is
// without the other, whatever stops in between. Costs nothing while nobody listens.
import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { SentEvent, WebhookEvent } from '../admin/webhooks/schema.ts'
import type { EndpointBook } from './endpointBook.ts'
import type { WebhookTables } from './tables.ts'

export type Outbox = {
  /** Whether anybody would hear it; asked before anything is read for its sake. */
  isHeard(event: WebhookEvent): boolean
  put(
    transaction: Transaction<WebhookTables>,
    event: WebhookEvent,
    data: Readonly<Record<string, unknown>>,
  ): Promise<void>
  /** To one endpoint, whatever it listens to; the delivery's id. */
  putFor(
    transaction: Transaction<WebhookTables>,
    endpointId: string,
    event: SentEvent,
    data: Readonly<Record<string, unknown>>,
  ): Promise<number>
}

export function createOutbox(options: {
  readonly endpoints: Pick<EndpointBook, 'listening'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): Outbox {
  const { endpoints, now } = options

  async function writeMessage(
    transaction: Transaction<WebhookTables>,
    event: SentEvent,
    data: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly message_id: string; readonly event: SentEvent; readonly created_at: number }> {
    const created_at = now()
    const message_id = `msg_${randomUUID().replaceAll('-', '')}`
    const timestamp = new Date(created_at * 1000).toISOString()
    await transaction
      .insertInto('webhook_message')
      .values({ id: message_id, event, created_at, body: JSON.stringify({ type: event, timestamp, data }) })
      .execute()
    return { message_id, event, created_at }
  }

  const waiting = { state: 'waiting', attempts: 0 } as const
  return {
    isHeard: event => endpoints.listening(event).length > 0,
    async put(transaction, event, data) {
      const listening = endpoints.listening(event)
      if (listening.length === 0) return
      const message = await writeMessage(transaction, event, data)
      const rows = listening.map(({ id }) => ({
        ...message,
        ...waiting,
        endpoint_id: id,
        next_attempt_at: message.created_at,
      }))
      await transaction.insertInto('webhook_delivery').values(rows).execute()
    },
    async putFor(transaction, endpointId, event, data) {
      const message = await writeMessage(transaction, event, data)
      const { id } = await transaction
        .insertInto('webhook_delivery')
        .values({ ...message, ...waiting, endpoint_id: endpointId, next_attempt_at: message.created_at })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
  }
}
