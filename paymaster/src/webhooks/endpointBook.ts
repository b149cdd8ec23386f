// The endpoints that are told, in memory for whoever has something to tell and on the disk for every start.
import type { Kysely, Selectable } from 'kysely'
import type { NewWebhook, WebhookEvent, WebhookFormat } from '../admin/webhooks/schema.ts'
import { randomId } from '../apiKeys/keyText.ts'
import { dropUntold } from './dropUntold.ts'
import type { WebhookTables } from './tables.ts'

export type Endpoint = {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly format: WebhookFormat
  readonly events: readonly WebhookEvent[]
  readonly isEnabled: boolean
  readonly createdAtSeconds: number
  readonly createdBy: string
  readonly secretGeneration: number
  readonly previousUntilSeconds: number | null
}

export type EndpointBook = {
  /** Reads what was there before a restart. */
  start(): Promise<void>
  /** Undefined when there are as many as there may be. */
  create(wanted: NewWebhook, by: string): Promise<Endpoint | undefined>
  /** These are undefined, or false, when there is none of that id. */
  change(id: string, wanted: NewWebhook): Promise<Endpoint | undefined>
  rotate(id: string, overlapSeconds: number): Promise<Endpoint | undefined>
  /** With all that waits for it. */
  remove(id: string): Promise<boolean>
  find(id: string): Endpoint | undefined
  all(): readonly Endpoint[]
  /** Enabled, and with room for more that waits. */
  listening(event: WebhookEvent): readonly Endpoint[]
  /** From now on, as many as are named have no room. */
  setFull(ids: ReadonlySet<string>): void
}

const mostEndpoints = 50

export function createEndpointBook(options: {
  readonly database: Kysely<WebhookTables>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): EndpointBook {
  const { database, now } = options
  const endpoints = new Map<string, Endpoint>()
  let full: ReadonlySet<string> = new Set()
  const listeners = new Map<WebhookEvent, readonly Endpoint[]>()

  function put(endpoint: Endpoint): Endpoint {
    endpoints.set(endpoint.id, endpoint)
    listeners.clear()
    return endpoint
  }

  async function write(endpoint: Endpoint): Promise<Endpoint> {
    const { id: _, ...row } = toRow(endpoint)
    await database.updateTable('webhook_endpoint').set(row).where('id', '=', endpoint.id).execute()
    return put(endpoint)
  }

  return {
    async start() {
      const rows = await database.selectFrom('webhook_endpoint').selectAll().orderBy('created_at').execute()
      for (const row of rows) put(fromRow(row))
    },
    async create(wanted, by) {
      if (endpoints.size >= mostEndpoints) return undefined
      const endpoint = {
        ...wanted,
        id: `whe_${randomId()}`,
        createdAtSeconds: now(),
        createdBy: by,
        secretGeneration: 1,
        previousUntilSeconds: null,
      }
      const unused = { last_delivered_at: null, last_problem: null }
      await database
        .insertInto('webhook_endpoint')
        .values({ ...toRow(endpoint), ...unused })
        .execute()
      return put(endpoint)
    },
    async change(id, wanted) {
      const known = endpoints.get(id)
      return known && (await write({ ...known, ...wanted }))
    },
    async rotate(id, overlapSeconds) {
      const known = endpoints.get(id)
      if (known === undefined) return undefined
      return await write({
        ...known,
        secretGeneration: known.secretGeneration + 1,
        previousUntilSeconds: overlapSeconds === 0 ? null : now() + overlapSeconds,
      })
    },
    async remove(id) {
      if (!endpoints.delete(id)) return false
      listeners.clear()
      await database.transaction().execute(async transaction => {
        await transaction.deleteFrom('webhook_endpoint').where('id', '=', id).execute()
        await transaction
          .deleteFrom('webhook_attempt')
          .where('delivery_id', 'in', query =>
            query.selectFrom('webhook_delivery').select('id').where('endpoint_id', '=', id),
          )
          .execute()
        await transaction.deleteFrom('webhook_delivery').where('endpoint_id', '=', id).execute()
        await dropUntold(transaction.deleteFrom('webhook_message')).execute()
      })
      return true
    },
    find: id => endpoints.get(id),
    all: () => [...endpoints.values()],
    listening(event) {
      const known = listeners.get(event)
      if (known !== undefined) return known
      const found = [...endpoints.values()].filter(
        ({ id, events, isEnabled }) => isEnabled && events.includes(event) && !full.has(id),
      )
      listeners.set(event, found)
      return found
    },
    setFull(ids) {
      full = ids
      listeners.clear()
    },
  }
}

type EndpointRow = Selectable<WebhookTables['webhook_endpoint']>

function fromRow(row: EndpointRow): Endpoint {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    format: row.format,
    events: JSON.parse(row.events),
    isEnabled: row.is_enabled === 1,
    createdAtSeconds: row.created_at,
    createdBy: row.created_by,
    secretGeneration: row.secret_generation,
    previousUntilSeconds: row.previous_until,
  }
}

function toRow(endpoint: Endpoint): Omit<EndpointRow, 'last_delivered_at' | 'last_problem'> {
  return {
    id: endpoint.id,
    name: endpoint.name,
    url: endpoint.url,
    format: endpoint.format,
    events: JSON.stringify([...new Set(endpoint.events)]),
    is_enabled: endpoint.isEnabled ? 1 : 0,
    created_at: endpoint.createdAtSeconds,
    created_by: endpoint.createdBy,
    secret_generation: endpoint.secretGeneration,
    previous_until: endpoint.previousUntilSeconds,
  }
}
