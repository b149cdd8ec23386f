// What must outlive the daemon of its leases: which were taken on what terms, how far the market was searched, and whose
// the GPUs are. No request and no secret is kept: they are read from the chain and opened again.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'

export type LeaseTables = {
  lease: {
    lease_id: number
    /** At most where it was opened: where its request is looked for. */
    from_block: number
    /** Hash of what was taken: payer, offer, units, request. Null until it is. */
    terms: string | null
    /** JSON of `LeaseResources`. */
    resources: string | null
    /** The first block of those in a row at which nothing entitled its machine to be; null while something does. */
    unentitled_since_block: number | null
  }
  /** Leases below it that are this provider's are in `lease`, unless all is over. */
  lease_search: { only: number; next_lease_id: number }
  gpu_assignment: { gpu: string; machine: string }
}

export const leaseMigrations: Migrations = {
  '100-leases': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table lease (
        lease_id integer primary key, from_block integer not null, terms text, resources text)
        strict`.execute(database)
      await sql`create table lease_search (
        only integer primary key check (only = 1), next_lease_id integer not null) strict`.execute(database)
      await sql`create table gpu_assignment (gpu text primary key, machine text not null)
        strict, without rowid`.execute(database)
    },
  },
  '101-unentitled': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`alter table lease add column unentitled_since_block integer`.execute(database)
    },
  },
}
