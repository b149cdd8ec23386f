// Deliveries on the disk: which are due, what came of an attempt, and which are old enough to go.
import type { Kysely, Selectable } from 'kysely'
import { dropUntold } from './dropUntold.ts'
import type { WebhookTables } from './tables.ts'

export type DueDelivery = Selectable<WebhookTables['webhook_delivery']> & { readonly body: string }

export type Attempt = {
  readonly deliveryId: number
  readonly endpointId: string
  readonly atSeconds: number
  readonly durationMilliseconds: number
  readonly status: number | null
  /** Null when the message was taken. */
  readonly problem: string | null
  readonly answer: string | null
  /** Of a failed one; null when it is given up. */
  readonly nextAttemptAtSeconds: number | null
}

export type DeliveryStore = ReturnType<typeof createDeliveryStore>

const deliveredKeptSeconds = 3 * 86_400
const givenUpKeptSeconds = 30 * 86_400
/** What waits longer belongs to an endpoint that was switched off. */
const longestWaitSeconds = 2 * 86_400
const mostFinished = 200_000
const prunedAtOnce = 500

export function createDeliveryStore(database: Kysely<WebhookTables>) {
  return {
    async due(endpointId: string, nowSeconds: number, most: number): Promise<readonly DueDelivery[]> {
      return await database
        .selectFrom('webhook_delivery')
        .innerJoin('webhook_message', 'webhook_message.id', 'webhook_delivery.message_id')
        .selectAll('webhook_delivery')
        .select('webhook_message.body')
        .where('endpoint_id', '=', endpointId)
        .where('state', '=', 'waiting')
        .where('next_attempt_at', '<=', nowSeconds)
        .orderBy('next_attempt_at')
        .orderBy('webhook_delivery.id')
        .limit(most)
        .execute()
    },

    async finish(attempts: readonly Attempt[]): Promise<void> {
      await database.transaction().execute(async transaction => {
        for (const one of attempts) {
          const { deliveryId, atSeconds, status, problem, nextAttemptAtSeconds } = one
          const state = problem === null ? 'delivered' : nextAttemptAtSeconds === null ? 'givenUp' : 'waiting'
          await transaction
            .updateTable('webhook_delivery')
            .set(update => ({
              state,
              attempts: update('attempts', '+', 1),
              next_attempt_at: state === 'waiting' ? nextAttemptAtSeconds : null,
              last_attempt_at: atSeconds,
              last_status: status,
              last_problem: problem,
            }))
            .where('id', '=', deliveryId)
            .execute()
          await transaction
            .insertInto('webhook_attempt')
            .values({
              delivery_id: deliveryId,
              at: atSeconds,
              duration_milliseconds: one.durationMilliseconds,
              status,
              problem,
              answer: one.answer,
            })
            .execute()
          await transaction
            .updateTable('webhook_endpoint')
            .set({ last_problem: problem, ...(problem === null && { last_delivered_at: atSeconds }) })
            .where('id', '=', one.endpointId)
            .execute()
        }
      })
    },

    /** How many wait for each endpoint. */
    async waiting(): Promise<ReadonlyMap<string, number>> {
      const rows = await database
        .selectFrom('webhook_delivery')
        .select(['endpoint_id', query => query.fn.countAll<number>().as('count')])
        .where('state', '=', 'waiting')
        .groupBy('endpoint_id')
        .execute()
      return new Map(rows.map(row => [row.endpoint_id, row.count]))
    },

    async givenUpSince(endpointId: string, sinceSeconds: number): Promise<number> {
      const { count } = await database
        .selectFrom('webhook_delivery')
        .select(query => query.fn.countAll<number>().as('count'))
        .where('endpoint_id', '=', endpointId)
        .where('state', '=', 'givenUp')
        .where('last_attempt_at', '>=', sinceSeconds)
        .executeTakeFirstOrThrow()
      return count
    },

    /** Some at a time. */
    async prune(nowSeconds: number): Promise<void> {
      await database.transaction().execute(async transaction => {
        await transaction
          .updateTable('webhook_delivery')
          .set({
            state: 'givenUp',
            next_attempt_at: null,
            last_attempt_at: nowSeconds,
            last_problem: 'it waited for two days',
          })
          .where('state', '=', 'waiting')
          .where('created_at', '<', nowSeconds - longestWaitSeconds)
          .execute()
        const newest = await transaction
          .selectFrom('webhook_delivery')
          .select('id')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()
        const old = await transaction
          .selectFrom('webhook_delivery')
          .select(['id', 'message_id'])
          .where('state', '!=', 'waiting')
          .where(where =>
            where.or([
              where('id', '<', (newest?.id ?? 0) - mostFinished),
              where('created_at', '<', nowSeconds - givenUpKeptSeconds),
              where.and([
                where('state', '=', 'delivered'),
                where('created_at', '<', nowSeconds - deliveredKeptSeconds),
              ]),
            ]),
          )
          .orderBy('id')
          .limit(prunedAtOnce)
          .execute()
        if (old.length === 0) return
        const ids = old.map(({ id }) => id)
        await transaction.deleteFrom('webhook_attempt').where('delivery_id', 'in', ids).execute()
        await transaction.deleteFrom('webhook_delivery').where('id', 'in', ids).execute()
        await dropUntold(
          transaction
            .deleteFrom('webhook_message')
            .where('id', 'in', [...new Set(old.map(row => row.message_id))]),
        ).execute()
      })
    },
  }
}
