// Jobs, what they streamed, and the numbers of workers, as they stand in the provider's data file. Amounts of bytes are
// bounded before anything comes here.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'
import type { JobState } from './job.ts'

export type GatewayTables = {
  gateway_job: JobRow
  gateway_job_part: { job_id: string; attempt: number; position: number; output: string }
  /** Where the end of a job is told; kept as long as the job, for it may run again. */
  gateway_webhook: { job_id: string; url: string; attempts: number; is_over: number }
  /** Those there are; a number is never given out twice. */
  gateway_worker: { number: number; endpoint_id: string; fingerprint: string }
  /** When the daemon was last known to live, while jobs ran. */
  gateway_alive: { only: number; at: number }
}

/** Times in milliseconds since the epoch. */
export type JobRow = {
  id: string
  endpoint_id: string
  session_id: string
  right_id: string
  created_at: number
  execution_timeout: number
  expires_at: number
  input_bytes: number
  /** Null once it is finished, but where its client may have it run again. */
  input: string | null
  is_awaited: number
  state: JobState
  attempt: number
  deaths: number
  reruns: number
  worker: string | null
  started_at: number | null
  finished_at: number | null
  output: string | null
  error: string | null
  stream_bytes: number
  stream_parts: number
  stream_taken: number
  is_settled: number
  keep_until: number | null
}

export const gatewayMigrations: Migrations = {
  '030-gateway-jobs': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table gateway_job (
        id text primary key, endpoint_id text not null, session_id text not null, right_id text not null,
        created_at integer not null, execution_timeout integer not null,
        expires_at integer not null, input_bytes integer not null, input text,
        is_awaited integer not null, state text not null,
        attempt integer not null, deaths integer not null, worker text, started_at integer, finished_at integer,
        output text, error text, stream_bytes integer not null, stream_parts integer not null,
        stream_taken integer not null, is_settled integer not null, keep_until integer)
        strict, without rowid`.execute(database)
      await sql`create index gateway_job_kept on gateway_job (keep_until) where keep_until is not null`.execute(
        database,
      )
      await sql`create index gateway_job_open on gateway_job (created_at) where keep_until is null`.execute(
        database,
      )
      await sql`create table gateway_job_part (
        job_id text not null, attempt integer not null, position integer not null, output text not null,
        primary key (job_id, attempt, position)) strict, without rowid`.execute(database)
      await sql`create table gateway_worker (
        number integer primary key autoincrement, endpoint_id text not null, fingerprint text not null)
        strict`.execute(database)
    },
  },
  '031-gateway-alive': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table gateway_alive (
        only integer primary key check (only = 1), at integer not null) strict`.execute(database)
    },
  },
  '032-gateway-reruns': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`alter table gateway_job add column reruns integer not null default 0`.execute(database)
      await sql`create table gateway_webhook (
        job_id text primary key, url text not null, attempts integer not null, is_over integer not null)
        strict, without rowid`.execute(database)
      await sql`create index gateway_webhook_open on gateway_webhook (job_id) where is_over = 0`.execute(
        database,
      )
    },
  },
  '033-gateway-requests': {
    async up(database: Kysely<never>): Promise<void> {
      // With all that a list tells of a job: its row may lie behind megabytes of its input and output.
      await sql`create index gateway_job_payer on gateway_job (
        session_id, right_id, endpoint_id, created_at, state, deaths, worker, started_at, finished_at, keep_until)
        where keep_until is not null`.execute(database)
    },
  },
}
