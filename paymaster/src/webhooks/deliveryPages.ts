// Deliveries for people: pages of them, one with all that is known of it, and another try by hand.
import type { Kysely, Selectable } from 'kysely'
import type { Role } from '../admin/adminEnvironment.ts'
import type { Delivery, DeliveryDetail, DeliveryState, Webhook } from '../admin/webhooks/schema.ts'
import type { Endpoint, EndpointBook } from './endpointBook.ts'
import { renderBody } from './renderBody.ts'
import type { WebhookTables } from './tables.ts'

export type DeliveryPages = ReturnType<typeof createDeliveryPages>

const attemptsShown = 20

export function createDeliveryPages(options: {
  readonly database: Kysely<WebhookTables>
  readonly endpoints: Pick<EndpointBook, 'find'>
}) {
  const { database, endpoints } = options

  async function rowOf(id: number) {
    return await database.selectFrom('webhook_delivery').selectAll().where('id', '=', id).executeTakeFirst()
  }

  return {
    /** The newest first. */
    async page(wanted: {
      readonly endpointId?: string | undefined
      readonly state?: DeliveryState | undefined
      readonly before?: number | undefined
      readonly limit: number
    }): Promise<readonly Delivery[]> {
      const { endpointId, state, before, limit } = wanted
      let query = database.selectFrom('webhook_delivery').selectAll().orderBy('id', 'desc').limit(limit)
      if (endpointId !== undefined) query = query.where('endpoint_id', '=', endpointId)
      if (state !== undefined) query = query.where('state', '=', state)
      if (before !== undefined) query = query.where('id', '<', before)
      return (await query.execute()).map(toWire)
    },

    async detail(id: number, reader: Role): Promise<DeliveryDetail | undefined> {
      const row = await rowOf(id)
      const endpoint = row && endpoints.find(row.endpoint_id)
      if (row === undefined || endpoint === undefined) return undefined
      const message = await database
        .selectFrom('webhook_message')
        .select('body')
        .where('id', '=', row.message_id)
        .executeTakeFirstOrThrow()
      const attempts = await database
        .selectFrom('webhook_attempt')
        .selectAll()
        .where('delivery_id', '=', id)
        .orderBy('id', 'desc')
        .limit(attemptsShown)
        .execute()
      return {
        ...toWire(row),
        url: urlFor(reader, endpoint.url),
        body: renderBody(endpoint.format, message.body),
        attemptLog: attempts.map(attempt => ({
          atSeconds: attempt.at,
          durationMilliseconds: attempt.duration_milliseconds,
          status: attempt.status,
          problem: attempt.problem,
          answer: attempt.answer,
        })),
      }
    },

    /** Tries again at once, whatever became of it; if that fails too, it goes on from where it was. */
    async retry(id: number, nowSeconds: number): Promise<Delivery | undefined> {
      await database
        .updateTable('webhook_delivery')
        .set({ state: 'waiting', next_attempt_at: nowSeconds, created_at: nowSeconds })
        .where('id', '=', id)
        .execute()
      const row = await rowOf(id)
      return row && toWire(row)
    },

    /** An endpoint as it is told to people. */
    async describe(endpoint: Endpoint, nowSeconds: number, reader: Role): Promise<Webhook> {
      const row = await database
        .selectFrom('webhook_endpoint')
        .select(['last_delivered_at', 'last_problem'])
        .where('id', '=', endpoint.id)
        .executeTakeFirst()
      const count = async (state: DeliveryState): Promise<number> => {
        const { count: found } = await database
          .selectFrom('webhook_delivery')
          .select(query => query.fn.countAll<number>().as('count'))
          .where('endpoint_id', '=', endpoint.id)
          .where('state', '=', state)
          .executeTakeFirstOrThrow()
        return found
      }
      const { previousUntilSeconds, events, ...told } = endpoint
      const isOverlapping = previousUntilSeconds !== null && previousUntilSeconds > nowSeconds
      return {
        ...told,
        url: urlFor(reader, endpoint.url),
        events: [...events],
        previousSecretUntilSeconds: isOverlapping ? previousUntilSeconds : null,
        waitingDeliveries: await count('waiting'),
        givenUpDeliveries: await count('givenUp'),
        lastDeliveredAtSeconds: row?.last_delivered_at ?? null,
        lastProblem: row?.last_problem ?? null,
      }
    },
  }
}

/** The path of a chat's webhook is all that it takes to write there: whoever may only look is not shown it. */
function urlFor(reader: Role, url: string): string {
  return reader === 'viewer' ? withoutPath(url) : url
}

export function withoutPath(url: string): string {
  return `${new URL(url).origin}/…`
}

function toWire(row: Selectable<WebhookTables['webhook_delivery']>): Delivery {
  return {
    id: String(row.id),
    webhookId: row.endpoint_id,
    messageId: row.message_id,
    event: row.event,
    state: row.state,
    attempts: row.attempts,
    createdAtSeconds: row.created_at,
    nextAttemptAtSeconds: row.next_attempt_at,
    lastAttemptAtSeconds: row.last_attempt_at,
    lastStatus: row.last_status,
    lastProblem: row.last_problem,
  }
}
