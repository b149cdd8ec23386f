// Where decisions are kept, beside the ledger that they led to: narrow rows that the explorer goes through, their details
// apart, and sums by the hour that outlive both. Written for the console's reader as much as for the writer.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Generated, type Kysely, sql, type Transaction } from 'kysely'
import type { LedgerSchema } from '../ledger/schema.ts'
import { showExposures } from './showExposures.ts'
import { spreadCharges } from './spreadCharges.ts'

export type DecisionTables = {
  /** One per granted signature, and per refusal of a sender within a minute. */
  decision: {
    id: Generated<number>
    facet_id: number
    /** Seconds since the Unix epoch. */
    at: number
    last_at: number
    times: number
    /** 20 bytes; null where a request was refused before it was read. */
    sender: Buffer | null
    nonce: string | null
    /** 32 bytes; null for refusals. */
    user_operation_hash: Buffer | null
    exposure_id: number | null
    caller: string | null
    policy_version: number | null
    max_cost_wei: string | null
    /** 1 for what the deposit paid for: such rows count against no cap. */
    is_landed: number
  }
  /** Every combination of what the explorer filters by, with how many decisions have it: there are few. */
  decision_facet: {
    id: Generated<number>
    outcome: string
    state: string
    mode: string
    /** As the contract carries it; empty without one. */
    policy_id: string
    /** Empty for what was granted. */
    reason: string
    api_key_id: string
    decisions: number
  }
  decision_detail: {
    decision_id: number
    sentence: string
    /** JSON arrays. */
    rules: string
    calls: string
    more_calls: number
    valid_until: number | null
    /** JSON: the fields that are short; null where none are kept. */
    operation: string | null
    call_data: Buffer | null
    factory_data: Buffer | null
    signature: Buffer | null
    /** Why the operation is not kept. */
    operation_note: string | null
  }
  /** What the operator calls a policy, also once it is written nowhere any more. */
  decision_policy: { on_chain_id: string; id: string }
  /** How many requests were granted and refused, and why. */
  decision_hour: {
    hour: number
    outcome: string
    reason: string
    mode: string
    policy_id: string
    requests: number
  }
  /** What final operations cost by the hour of their block: `spend`, spread over time. */
  spend_hour: {
    /** Seconds since the Unix epoch; 0 for what was booked before there were hours. */
    hour: number
    mode: string
    policy_id: string
    cost_wei: string
    loss_wei: string
    /** Paid charges, and those that are owed. */
    charge_wei: string
    unpaid_wei: string
    /** Of the cost, the part that paid charges were for. */
    charged_cost_wei: string
    operations: number
    failed: number
  }
  /** What final operations paid in other ERC-20s, by the hour of their block. */
  token_hour: {
    /** As that of `spend_hour`. */
    hour: number
    /** Lower case. */
    token: string
    /** The token's smallest. */
    units: string
    /** Gas that these operations cost the deposit; what was charged before there were hours has none. */
    cost_wei: string
    operations: number
  }
}

export const decisionMigrations: Migrations = {
  '030-landing-times': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`alter table exposure add column landed_at integer`.execute(database)
      await sql`alter table exposure add column charge_wei text`.execute(database)
      await sql`alter table exposure add column charge_paid integer`.execute(database)
      await sql`create index exposure_landed_at on exposure (landed_at) where landed_at is not null`.execute(
        database,
      )
      await sql`create index exposure_landed_number on exposure (landed_block_number)
        where landed_block_number is not null`.execute(database)
    },
  },
  '031-decisions': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table decision_facet (
        id integer primary key, outcome text not null, state text not null, mode text not null,
        policy_id text not null, reason text not null, api_key_id text not null, decisions integer not null,
        unique (outcome, state, mode, policy_id, reason, api_key_id)) strict`.execute(database)
      await sql`create table decision (
        id integer primary key autoincrement, facet_id integer not null,
        at integer not null, last_at integer not null, times integer not null,
        sender blob, nonce text, user_operation_hash blob, exposure_id integer,
        caller text, policy_version integer, max_cost_wei text, is_landed integer not null) strict`.execute(
        database,
      )
      await sql`create index decision_facet_at on decision (facet_id, at)`.execute(database)
      // The nonce too, so that a sender's nonces are found without a look at each row.
      await sql`create index decision_sender on decision (sender, facet_id, at, nonce)
        where sender is not null`.execute(database)
      await sql`create index decision_nonce on decision (nonce, facet_id, at) where nonce is not null`.execute(
        database,
      )
      await sql`create unique index decision_hash on decision (user_operation_hash)
        where user_operation_hash is not null`.execute(database)
      await sql`create index decision_exposure on decision (exposure_id) where exposure_id is not null`.execute(
        database,
      )
      await sql`create index decision_unpaid on decision (at) where is_landed = 0`.execute(database)
      await sql`create table decision_detail (
        decision_id integer primary key, sentence text not null, rules text not null, calls text not null,
        more_calls integer not null, valid_until integer, operation text, call_data blob, factory_data blob,
        signature blob, operation_note text) strict`.execute(database)
      await sql`create table decision_policy (on_chain_id text primary key, id text not null) strict,
        without rowid`.execute(database)
    },
  },
  '032-hours': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table decision_hour (
        hour integer not null, outcome text not null, reason text not null, mode text not null,
        policy_id text not null, requests integer not null,
        primary key (hour, outcome, reason, mode, policy_id)) strict, without rowid`.execute(database)
      await sql`create table spend_hour (
        hour integer not null, mode text not null, policy_id text not null,
        cost_wei text not null, loss_wei text not null, charge_wei text not null, unpaid_wei text not null,
        charged_cost_wei text not null, operations integer not null, failed integer not null,
        primary key (hour, mode, policy_id)) strict, without rowid`.execute(database)
      // What was spent before is spread over no hours, so that their sum is all that was spent.
      await sql`insert into spend_hour
        select 0, mode, policy_id, cost_wei, loss_wei, '0', '0', '0', operations, 0 from spend`.execute(
        database,
      )
    },
  },
  '033-landed-before': {
    /** Nothing that cost a wei is without a row. */
    async up(database: Kysely<LedgerSchema>): Promise<void> {
      const landed = await database
        .selectFrom('exposure')
        .select('id')
        .where('landed_user_operation_hash', 'is not', null)
        .execute()
      const ids = landed.map(({ id }) => id)
      await showExposures(database as Transaction<LedgerSchema>, ids)
    },
  },
  '062-token-hours': {
    /** What was charged before is taken over, so that the hours of a token add up to all that it brought. */
    async up(database: Kysely<never>): Promise<void> {
      await sql`alter table exposure add column charged_token text`.execute(database)
      await sql`alter table exposure add column charged_units text`.execute(database)
      await sql`create table token_hour (
        hour integer not null, token text not null, units text not null, cost_wei text not null,
        operations integer not null, primary key (hour, token)) strict, without rowid`.execute(database)
      await sql`update exposure set charged_token = token_charge.token, charged_units = token_charge.charge
        from token_charge where token_charge.user_operation_hash = exposure.landed_user_operation_hash`.execute(
        database,
      )
      await spreadCharges(database as unknown as Kysely<LedgerSchema>)
    },
  },
}
