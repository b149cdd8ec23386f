// What is kept of signers: addresses and times, never a key.
import { type Kysely, sql } from 'kysely'

export type SigningTables = {
  /** One row: the signer that the operator made active. */
  signer_choice: { id: number; address: string }
  /** Whose signatures were given out by this service. */
  signer_use: {
    address: string
    /** Until when the last one is good, in seconds since the Unix epoch; while `open`, as of the last block. */
    last_valid_until: number
    /** 1 while it may sign more than the row says. */
    open: number
  }
}

export const signingMigrations = {
  '050-signers': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table signer_choice (
        id integer primary key check (id = 1), address text not null) strict`.execute(database)
      await sql`create table signer_use (
        address text primary key, last_valid_until integer not null,
        open integer not null) strict, without rowid`.execute(database)
    },
  },
}
