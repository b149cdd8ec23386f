// What an operator has said, and what this provider has earned: as the chain's final blocks tell, each event once.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'

export type OperatorTables = {
  /** A row while nothing new is taken. */
  drain: { only: number; since_milliseconds: number }
  earning: {
    block_number: number
    log_index: number
    /** Seconds since the Unix epoch, of the block. */
    timestamp: number
    kind: 'lease' | 'fault' | 'ping' | 'session'
    /** Of the lease or session. */
    agreement_id: string
    /** In lower case; empty where the event does not tell. */
    payer: string
    wei: string
  }
  /** The first block that is not in `earning` yet, and the first that is counted. */
  earning_search: { only: number; next_block: number; since_block: number }
}

export const operatorMigrations: Migrations = {
  '110-operator': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table drain (
        only integer primary key check (only = 1), since_milliseconds integer not null) strict`.execute(
        database,
      )
      await sql`create table earning (
        block_number integer not null, log_index integer not null, timestamp integer not null,
        kind text not null, agreement_id text not null, payer text not null, wei text not null,
        primary key (block_number, log_index)) strict, without rowid`.execute(database)
      await sql`create table earning_search (
        only integer primary key check (only = 1), next_block integer not null,
        since_block integer not null) strict`.execute(database)
    },
  },
}
