// The ledger's tables. Wei are decimal text (they outgrow 64 bits); all arithmetic is done on bigints
// inside the transaction that reads and writes them.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Generated, type Kysely, sql } from 'kysely'
import type { Hex } from 'viem'
import { type AdminTables, adminMigrations } from '../admin/tables.ts'
import { type AlertTables, alertMigrations } from '../alerts/tables.ts'
import { type ApiKeyTables, apiKeyMigrations } from '../apiKeys/tables.ts'
import { type DecisionTables, decisionMigrations } from '../decisions/tables.ts'
import { type PolicyTables, policyMigrations } from '../policy/store/tables.ts'
import { type TokenTables, tokenMigrations } from '../pricing/tokens/tables.ts'
import { type ReconciliationTables, reconciliationMigrations } from '../reconciliation/tables.ts'
import { type SigningTables, signingMigrations } from '../signing/tables.ts'
import { type TreasuryTables, treasuryMigrations } from '../treasury/tables.ts'
import { type WebhookTables, webhookMigrations } from '../webhooks/tables.ts'
import { countAsLanded } from './landedHolds.ts'
import { bookSpend } from './spend.ts'

/** RESERVED may land, INCLUDED has landed but a reorg may undo it; FINAL and EXPIRED hold nothing any more. */
export type ExposureState = 'RESERVED' | 'INCLUDED' | 'FINAL' | 'EXPIRED'

export type LedgerSchema = LedgerTables &
  AdminTables &
  PolicyTables &
  DecisionTables &
  SigningTables &
  TreasuryTables &
  ReconciliationTables &
  ApiKeyTables &
  TokenTables &
  WebhookTables &
  AlertTables

type LedgerTables = {
  /** One per (sender, nonce): whatever was signed for it, only one operation can land. */
  exposure: {
    id: Generated<number>
    /** Lower case. */
    sender: string
    nonce: string
    state: ExposureState
    /** Most that any signature given for it can cost the deposit. */
    reserved_wei: string
    /** Seconds since the Unix epoch; the latest of any signature. */
    valid_until: number
    landed_block_number: number | null
    landed_block_hash: string | null
    landed_transaction_hash: string | null
    /** Null when the nonce was used by an operation that this paymaster did not pay. */
    landed_user_operation_hash: string | null
    actual_cost_wei: string | null
    /** The part of the cost that a token mode did not get back. */
    loss_wei: string | null
    succeeded: number | null
    /** When its block was, and what the token was to pay: null where that is not known, or nothing. */
    landed_at: number | null
    charge_wei: string | null
    charge_paid: number | null
    /** The other ERC-20 that it paid in (lower case), and how much of its smallest unit; null where it paid none. */
    charged_token: string | null
    charged_units: string | null
    /** Of what was signed last for it; null until that is on the disk. */
    mode: string | null
    policy_id: string | null
  }
  /** What an exposure holds of a budget: the most of any signature that draws on it. */
  hold: { exposure_id: number; budget_id: string; wei: string; operations: number }
  budget: {
    id: string
    consumes: 'cost' | 'loss' | 'token' | 'nothing'
    held_wei: string
    held_operations: number
    used_wei: string
    used_operations: number
    /** Of what is held, the part of operations that are in a block (INCLUDED). */
    landed_wei: Generated<string>
    landed_operations: Generated<number>
  }
  /** Every signature given out. */
  signature: {
    user_operation_hash: string
    exposure_id: number
    mode: string
    policy_id: string
    max_cost_wei: string
    valid_until: number
    /** JSON array of the budgets it draws on. */
    budget_ids: string
    /** 1 where it was not given out here: what the deposit paid by it was found on the chain. */
    adopted: Generated<number>
    /** What its operation's calls may spend of the token, where a budget counts that. */
    token_spend_wei: Generated<string>
  }
  /** One row: where settlement stands, and what the deposit was there. */
  position: {
    id: number
    block_number: number
    block_hash: string
    deposit_wei: string
    /** Σ reserved of RESERVED + Σ (reserved − actual) of INCLUDED. */
    deposit_held_wei: string
  }
  /** One row: the chain and paymaster that this ledger is about. */
  identity: { id: number; chain_id: number; genesis_hash: string; entry_point: string; paymaster: string }
  /** What final operations cost, and how much of it did not come back. */
  spend: { mode: string; policy_id: string; cost_wei: string; loss_wei: string; operations: number }
  /** Who has paid out of a gas tank. */
  tank_sender: { sender: string; last_exposure_id: number }
  /** At most one row: the operator has paused signing. */
  brake: { id: number; paused_since: number }
  /** For whom the operator has nothing signed: accounts and factories in lower case, addresses of the network. */
  blocked: { who: string; since: number }
  /** At most one row: the ledger came back from a backup, and what was signed after it may still land. */
  restoration: { id: number; backed_up_at: number; silent_until: number }
  /** One row: for how long any signature was good that this ledger's service gave. */
  longest_validity: { id: number; seconds: number }
}

export const ledgerMigrations: Migrations = {
  ...adminMigrations,
  ...policyMigrations,
  ...decisionMigrations,
  '001-ledger': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table exposure (
        id integer primary key autoincrement,
        sender text not null, nonce text not null, state text not null,
        reserved_wei text not null, valid_until integer not null,
        landed_block_number integer, landed_block_hash text, landed_transaction_hash text,
        landed_user_operation_hash text, actual_cost_wei text, loss_wei text, succeeded integer,
        unique (sender, nonce)) strict`.execute(database)
      await sql`create index exposure_open on exposure (state, valid_until)
        where state in ('RESERVED', 'INCLUDED')`.execute(database)
      await sql`create table hold (
        exposure_id integer not null references exposure (id), budget_id text not null references budget (id),
        wei text not null, operations integer not null,
        primary key (exposure_id, budget_id)) strict, without rowid`.execute(database)
      await sql`create table budget (
        id text primary key, consumes text not null,
        held_wei text not null, held_operations integer not null,
        used_wei text not null, used_operations integer not null) strict, without rowid`.execute(database)
      await sql`create table signature (
        user_operation_hash text primary key, exposure_id integer not null references exposure (id),
        mode text not null, policy_id text not null, max_cost_wei text not null,
        valid_until integer not null, budget_ids text not null) strict, without rowid`.execute(database)
      await sql`create index signature_exposure on signature (exposure_id)`.execute(database)
      await sql`create table position (
        id integer primary key check (id = 1), block_number integer not null, block_hash text not null,
        deposit_wei text not null, deposit_held_wei text not null) strict`.execute(database)
      await sql`create table identity (
        id integer primary key check (id = 1), chain_id integer not null, genesis_hash text not null,
        entry_point text not null, paymaster text not null) strict`.execute(database)
    },
  },
  '003-operator': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table brake (
        id integer primary key check (id = 1), paused_since integer not null) strict`.execute(database)
      await sql`create table blocked (who text primary key, since integer not null) strict, without rowid`.execute(
        database,
      )
    },
  },
  '004-sums': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`alter table exposure add column mode text`.execute(database)
      await sql`alter table exposure add column policy_id text`.execute(database)
      await sql`create index exposure_landed on exposure (landed_block_hash)
        where landed_block_hash is not null`.execute(database)
      await sql`create index exposure_closed on exposure (valid_until)
        where state in ('FINAL', 'EXPIRED')`.execute(database)
      await sql`create table spend (
        mode text not null, policy_id text not null, cost_wei text not null, loss_wei text not null,
        operations integer not null, primary key (mode, policy_id)) strict, without rowid`.execute(database)
      await sql`create table tank_sender (
        sender text primary key, last_exposure_id integer not null) strict, without rowid`.execute(database)
      await sumUp(database as unknown as Kysely<LedgerSchema>)
    },
  },
  '005-landed-holds': {
    async up(database: Kysely<LedgerSchema>): Promise<void> {
      await sql`alter table budget add column landed_wei text not null default '0'`.execute(database)
      await sql`alter table budget add column landed_operations integer not null default 0`.execute(database)
      const landed = await database
        .selectFrom('exposure')
        .select('id')
        .where('state', '=', 'INCLUDED')
        .execute()
      for (const { id } of landed) await countAsLanded(database, id)
    },
  },
  '006-unsent': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create index exposure_unsent on exposure (valid_until)
        where state = 'EXPIRED' and landed_block_hash is null`.execute(database)
    },
  },
  '007-holds-of-a-budget': {
    /** SQLite looks for them at each budget that goes. */
    async up(database: Kysely<never>): Promise<void> {
      await sql`create index hold_budget on hold (budget_id)`.execute(database)
    },
  },
  '008-restoration': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table restoration (
        id integer primary key check (id = 1), backed_up_at integer not null,
        silent_until integer not null) strict`.execute(database)
      await sql`create table longest_validity (
        id integer primary key check (id = 1), seconds integer not null) strict`.execute(database)
    },
  },
  ...apiKeyMigrations,
  ...webhookMigrations,
  ...alertMigrations,
  ...signingMigrations,
  ...tokenMigrations,
  ...treasuryMigrations,
  ...reconciliationMigrations,
}

/** What was final before there were sums. */
async function sumUp(database: Kysely<LedgerSchema>): Promise<void> {
  await sql`insert into tank_sender select exposure.sender, max(exposure.id) from exposure
    join signature on signature.user_operation_hash = exposure.landed_user_operation_hash
    where signature.mode = 'tank' and exposure.state = 'FINAL' group by exposure.sender`.execute(database)
  const rows = await database
    .selectFrom('exposure')
    .leftJoin('signature', 'signature.user_operation_hash', 'exposure.landed_user_operation_hash')
    .select(['signature.mode', 'signature.policy_id', 'exposure.actual_cost_wei', 'exposure.loss_wei'])
    .where('exposure.state', '=', 'FINAL')
    .execute()
  await database.transaction().execute(async ledger => {
    for (const row of rows) {
      await bookSpend(ledger, {
        mode: row.mode ?? 'unknown',
        policyId: (row.policy_id ?? '0x') as Hex,
        costWei: BigInt(row.actual_cost_wei ?? 0),
        lossWei: BigInt(row.loss_wei ?? 0),
        operations: 1,
      })
    }
  })
}
