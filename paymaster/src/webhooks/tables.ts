// Webhooks on the disk: endpoints, what is to be told, to whom it was told and what came of it. No secret is among it: each
// endpoint's is derived from a file beside the database.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Generated, type Kysely, sql } from 'kysely'
import type { DeliveryState, SentEvent, WebhookFormat } from '../admin/webhooks/schema.ts'

export type WebhookTables = {
  webhook_endpoint: {
    id: string
    name: string
    url: string
    format: WebhookFormat
    /** JSON array. */
    events: string
    is_enabled: number
    created_at: number
    created_by: string
    secret_generation: number
    /** Until when the secret before signs as well. */
    previous_until: number | null
    last_delivered_at: number | null
    last_problem: string | null
  }
  /** The outbox: a row is written in the transaction of what it tells. */
  webhook_message: { id: string; event: SentEvent; body: string; created_at: number }
  webhook_delivery: {
    id: Generated<number>
    message_id: string
    endpoint_id: string
    event: SentEvent
    state: DeliveryState
    attempts: number
    created_at: number
    next_attempt_at: number | null
    last_attempt_at: number | null
    last_status: number | null
    last_problem: string | null
  }
  webhook_attempt: {
    id: Generated<number>
    delivery_id: number
    at: number
    duration_milliseconds: number
    status: number | null
    problem: string | null
    answer: string | null
  }
  /** One row: by what the file of secrets is known, that another one is not taken for it. */
  webhook_secret: { id: number; fingerprint: string }
}

export const webhookMigrations: Migrations = {
  '041-webhooks': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table webhook_endpoint (
        id text primary key, name text not null, url text not null, format text not null, events text not null,
        is_enabled integer not null, created_at integer not null, created_by text not null,
        secret_generation integer not null, previous_until integer, last_delivered_at integer,
        last_problem text) strict, without rowid`.execute(database)
      await sql`create table webhook_message (
        id text primary key, event text not null, body text not null, created_at integer not null)
        strict, without rowid`.execute(database)
      await sql`create table webhook_delivery (
        id integer primary key autoincrement, message_id text not null, endpoint_id text not null,
        event text not null, state text not null, attempts integer not null, created_at integer not null,
        next_attempt_at integer, last_attempt_at integer, last_status integer, last_problem text)
        strict`.execute(database)
      await sql`create index webhook_delivery_due on webhook_delivery (endpoint_id, next_attempt_at)
        where state = 'waiting'`.execute(database)
      await sql`create index webhook_delivery_given_up on webhook_delivery (endpoint_id, last_attempt_at)
        where state = 'givenUp'`.execute(database)
      await sql`create index webhook_delivery_endpoint on webhook_delivery (endpoint_id, id)`.execute(
        database,
      )
      await sql`create index webhook_delivery_message on webhook_delivery (message_id)`.execute(database)
      await sql`create table webhook_attempt (
        id integer primary key autoincrement, delivery_id integer not null, at integer not null,
        duration_milliseconds integer not null, status integer, problem text, answer text) strict`.execute(
        database,
      )
      await sql`create index webhook_attempt_delivery on webhook_attempt (delivery_id)`.execute(database)
      await sql`create table webhook_secret (
        id integer primary key check (id = 1), fingerprint text not null) strict`.execute(database)
    },
  },
}
