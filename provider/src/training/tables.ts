// Trainings that this provider ran for its leases: what was asked, what really ran, what came out and what was stated of it.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'

export type TrainingTables = {
  training_run: {
    /** 32 hex digits. */
    id: string
    lease_id: string
    /** Who pays for the lease, in lower case. */
    payer: string
    state: 'running' | 'ended' | 'failed'
    /** JSON: the command and the files it was given. */
    request: string
    /** JSON: hashes of what ran, as this daemon took them. */
    facts: string | null
    /** Why it failed, for the renter. */
    problem: string | null
    exit_code: number | null
    /** The end of what it printed. */
    output: string
    /** JSON: what came out, of each file its id here as well. */
    outputs: string | null
    /** JSON of `Statement`, once it was asked for, with the listing that its result root commits to. */
    statement: string | null
    listing: string | null
    record_id: string | null
    provider_signature: string | null
    /** Who puts it on the chain. */
    recorded_by: 'provider' | 'payer' | null
    /** On the chain, so deep that it stays. */
    is_recorded: number
    created_at: number
    ended_at: number | null
  }
}

export const trainingMigrations: Migrations = {
  '340-trainings': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table training_run (
        id text primary key, lease_id text not null, state text not null, request text not null, facts text,
        problem text, exit_code integer, output text not null default '', outputs text, statement text,
        listing text, record_id text, provider_signature text, recorded_by text,
        is_recorded integer not null default 0, created_at integer not null, ended_at integer)
        strict, without rowid`.execute(database)
      await sql`create index training_run_lease on training_run (lease_id, created_at)`.execute(database)
      // One at a time in each machine.
      await sql`create unique index training_run_running on training_run (lease_id) where state = 'running'`.execute(
        database,
      )
    },
  },
  '341-training-payers': {
    async up(database: Kysely<never>): Promise<void> {
      const nobody = '0x0000000000000000000000000000000000000000'
      await sql`alter table training_run add column payer text not null default ${sql.lit(nobody)}`.execute(
        database,
      )
    },
  },
}
