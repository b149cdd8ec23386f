// Each comparison of the books with the chain: what was added up, what came out, and what explains the difference.
import { type Generated, type Kysely, sql } from 'kysely'

export type ReconciliationTables = {
  reconciliation_run: {
    id: Generated<number>
    started_by: string
    state: string
    started_at: number
    finished_at: number | null
    from_block: number | null
    to_block: number | null
    to_hash: string | null
    /** By the contracts, at the block of `to_hash`: what the next one starts from. */
    deposit_wei: string | null
    tips_owed_wei: string | null
    tanks_wei: string | null
    tokens_wei: string | null
    /** JSON of the sums and what they come to; null while it runs, and where nothing was compared. */
    figures: string | null
    item_count: number
    problem: string | null
  }
  reconciliation_item: {
    run_id: number
    position: number
    kind: string
    wei: string
    transaction_hash: string
    user_operation_hash: string | null
    account: string | null
    block_number: number
    /** Null for the coin. */
    token: string | null
    says: string
  }
}

export const reconciliationMigrations = {
  '052-adopted-signatures': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`alter table signature add column adopted integer not null default 0`.execute(database)
    },
  },
  '053-reconciliation': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table reconciliation_run (
        id integer primary key autoincrement, started_by text not null, state text not null,
        started_at integer not null, finished_at integer, from_block integer, to_block integer, to_hash text,
        deposit_wei text, tanks_wei text, tokens_wei text, figures text,
        item_count integer not null, problem text) strict`.execute(database)
      await sql`create table reconciliation_item (
        run_id integer not null references reconciliation_run (id), position integer not null,
        kind text not null, wei text not null, transaction_hash text not null, user_operation_hash text,
        account text, block_number integer not null, says text not null,
        primary key (run_id, position)) strict, without rowid`.execute(database)
    },
  },
  '063-reconciled-tokens': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`alter table reconciliation_item add column token text`.execute(database)
    },
  },
  '061-reconciled-tips': {
    /** Runs of before there were tips owed none. */
    async up(database: Kysely<never>): Promise<void> {
      await sql`alter table reconciliation_run add column tips_owed_wei text`.execute(database)
    },
  },
}
