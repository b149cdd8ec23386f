// The policy stage's tables: every version of every policy, and what senders' operations cost that they should not have.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'

export type PolicyTables = {
  policy: {
    id: string
    state: 'inForce' | 'archived'
    /** In force, or that was last. */
    version: number
    /** The text that the policies file had for it when it was last looked at; null where it had none. */
    file_definition: string | null
  }
  /** Only ever added to. */
  policy_version: {
    policy_id: string
    version: number
    /** JSON, as it was written. */
    definition: string
    source: 'file' | 'console' | 'rollback' | 'archive'
    author: string
    at_seconds: number
    note: string
  }
  /** A sponsored operation that failed, or one that was not paid for; from when it was final. */
  mishap: {
    exposure_id: number
    /** Lower case. */
    sender: string
    policy_id: string
    at_seconds: number
    has_failed: number
    loss_wei: string
    is_forgiven: number
  }
}

export const policyMigrations: Migrations = {
  '020-policies': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table policy (
        id text primary key, state text not null, version integer not null,
        file_definition text) strict, without rowid`.execute(database)
      await sql`create table policy_version (
        policy_id text not null references policy (id), version integer not null, definition text not null,
        source text not null, author text not null, at_seconds integer not null, note text not null,
        primary key (policy_id, version)) strict, without rowid`.execute(database)
    },
  },
  '021-mishaps': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table mishap (
        exposure_id integer primary key, sender text not null, policy_id text not null,
        at_seconds integer not null, has_failed integer not null, loss_wei text not null,
        is_forgiven integer not null) strict`.execute(database)
      await sql`create index mishap_sender on mishap (sender, at_seconds) where is_forgiven = 0`.execute(
        database,
      )
      await sql`alter table signature add column token_spend_wei text not null default '0'`.execute(database)
    },
  },
}
