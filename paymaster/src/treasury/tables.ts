// What the treasury has sent, or the owner's wallet for it: each with what came of it.
import { type Generated, type Kysely, sql } from 'kysely'

export type TreasuryTables = {
  treasury_transaction: {
    id: Generated<number>
    /** Of whoever asked: asking again does nothing twice. */
    request_id: string
    /** JSON of what was asked for. */
    request: string
    kind: string
    description: string
    to_address: string
    from_address: string
    value_wei: string
    sent_by: string
    state: string
    nonce: number | null
    /** Of the one that landed, else of the one that was sent last. */
    hash: string | null
    block_number: number | null
    /** Block at which it was sent last. */
    sent_at_block: number | null
    problem: string | null
    actor_name: string | null
    created_at: number
    /** Wei of the deposit that it takes out, and is to find there. */
    takes_wei: string
    /** As much of them as the ledger holds for it at the moment. */
    held_wei: string
    /** 1 when nothing can come of it any more. */
    settled: number
  }
  /** A transaction that is sent anew with a higher fee has another hash. */
  treasury_hash: { hash: string; transaction_id: number }
}

export const treasuryMigrations = {
  '051-treasury': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table treasury_transaction (
        id integer primary key autoincrement, request_id text not null unique, request text not null,
        kind text not null, description text not null, to_address text not null, from_address text not null,
        value_wei text not null, sent_by text not null, state text not null, nonce integer, hash text,
        block_number integer, sent_at_block integer, problem text, actor_name text,
        created_at integer not null, takes_wei text not null, held_wei text not null,
        settled integer not null) strict`.execute(database)
      await sql`create index treasury_transaction_open on treasury_transaction (id) where settled = 0`.execute(
        database,
      )
      await sql`create table treasury_hash (
        hash text primary key,
        transaction_id integer not null references treasury_transaction (id)) strict, without rowid`.execute(
        database,
      )
      await sql`create index treasury_hash_transaction on treasury_hash (transaction_id)`.execute(database)
    },
  },
}
