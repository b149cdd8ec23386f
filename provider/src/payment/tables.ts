// The voucher ledger's tables. Wei, sequences and ids are decimal text: they outgrow 64 bits.
import type { Kysely, Migrations } from '@worldland-aa/service/database/openDatabase'
import { sql } from 'kysely'

export type PaymentTables = {
  /** One right of one session: the last voucher taken, and all that was used. */
  payment_lane: {
    lane: string
    signer: string
    cumulative_wei: string
    sequence: string
    units: string
    receipts_root: string
    signature: string
    price_per_second_wei: string
    /** The block at which it was judged. */
    taken_at_block: number
    used_milliseconds: number
    /** As the chain last said; what counts is asked of the chain. */
    redeemed_wei: string
    /** 1 when its session is over for good: nothing can be redeemed any more. */
    is_over: number
  }
  /** Every job that was booked, for a while: none is booked twice. */
  payment_job: { job_id: string; lane: string; used_milliseconds: number; booked_at: number }
}

export const paymentMigrations: Migrations = {
  '020-payment': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table payment_lane (
        lane text primary key, signer text not null, cumulative_wei text not null, sequence text not null,
        units text not null, receipts_root text not null, signature text not null,
        price_per_second_wei text not null, taken_at_block integer not null,
        used_milliseconds integer not null default 0 check (used_milliseconds >= 0),
        redeemed_wei text not null default '0', is_over integer not null default 0) strict`.execute(database)
      await sql`create table payment_job (
        job_id text primary key, lane text not null references payment_lane (lane),
        used_milliseconds integer not null check (used_milliseconds >= 0), booked_at integer not null
      ) strict, without rowid`.execute(database)
      await sql`create index payment_job_booked on payment_job (booked_at)`.execute(database)
    },
  },
}
