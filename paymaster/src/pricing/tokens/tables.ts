// What the database keeps of tokens: the operator's settings, samples of prices for a chart, and what was charged.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'

export type TokenTables = {
  token: {
    /** Lower case. */
    address: string
    name: string
    symbol: string
    decimals: number
    /** Decimal; null where they are not known. */
    balance_slot: string | null
    allowance_slot: string | null
    /** JSON: TokenSettings. */
    settings: string
    /** Seconds since the Unix epoch. */
    changed_at: number
  }
  /** One per token and five minutes. */
  token_price_sample: { token: string; at: number; units: string; wei: string }
  /** Of operations that landed and paid in another ERC-20; taken out again by a reorg. */
  token_charge: {
    user_operation_hash: string
    token: string
    sender: string
    charge: string
    refund: string
    block_number: number
    block_hash: string
  }
  /** Of all operations that stand in a block, also those whose rows have gone. */
  token_charge_sum: { token: string; charge: string; operations: number }
}

export const tokenMigrations: Migrations = {
  '060-tokens': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table token (
        address text primary key, name text not null, symbol text not null, decimals integer not null,
        balance_slot text, allowance_slot text, settings text not null,
        changed_at integer not null) strict, without rowid`.execute(database)
      await sql`create table token_price_sample (
        token text not null, at integer not null, units text not null, wei text not null,
        primary key (token, at)) strict, without rowid`.execute(database)
      await sql`create table token_charge (
        user_operation_hash text primary key, token text not null, sender text not null,
        charge text not null, refund text not null,
        block_number integer not null, block_hash text not null) strict, without rowid`.execute(database)
      await sql`create index token_charge_block on token_charge (block_number)`.execute(database)
      await sql`create table token_charge_sum (
        token text primary key, charge text not null, operations integer not null) strict, without rowid`.execute(
        database,
      )
    },
  },
}
