// The admin side's tables: who may come in and how, who is in, and what was done. Of secrets there are only hashes.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Generated, type Kysely, sql } from 'kysely'
import type { Role } from './adminEnvironment.ts'

export type SignInWay = 'link' | 'passkey' | 'wallet'

export type AdminTables = {
  console_user: {
    id: string
    name: string
    role: Role
    created_at: number
    last_seen_at: number | null
  }
  console_passkey: {
    /** The credential's, in base64url. */
    id: string
    user_id: string
    /** COSE, in base64url. */
    public_key: string
    counter: number
    /** JSON array. */
    transports: string
    name: string
    is_synchronized: number
    created_at: number
    last_used_at: number | null
  }
  /** By lower-case address. */
  console_wallet: { address: string; user_id: string; created_at: number; last_used_at: number | null }
  console_session: {
    id: string
    token_hash: string
    user_id: string
    created_at: number
    last_seen_at: number
    expires_at: number
    caller: string
    user_agent: string
    signed_in_by: SignInWay
  }
  /** Links that nobody has used yet. */
  console_link: {
    id: string
    token_hash: string
    /** Null for somebody new. */
    user_id: string | null
    name: string
    role: Role
    created_by: string
    created_at: number
    expires_at: number
  }
  audit: {
    id: Generated<number>
    at: number
    actor_id: string
    actor_name: string
    actor_role: Role
    action: string
    subject: string | null
    /** JSON object. */
    detail: string
    hash: string
  }
}

export const adminMigrations: Migrations = {
  '010-console': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table console_user (
        id text primary key, name text not null, role text not null, created_at integer not null,
        last_seen_at integer) strict, without rowid`.execute(database)
      await sql`create table console_passkey (
        id text primary key, user_id text not null references console_user (id) on delete cascade,
        public_key text not null, counter integer not null, transports text not null, name text not null,
        is_synchronized integer not null, created_at integer not null, last_used_at integer) strict`.execute(
        database,
      )
      await sql`create index console_passkey_user on console_passkey (user_id)`.execute(database)
      await sql`create table console_wallet (
        address text primary key, user_id text not null references console_user (id) on delete cascade,
        created_at integer not null, last_used_at integer) strict, without rowid`.execute(database)
      await sql`create index console_wallet_user on console_wallet (user_id)`.execute(database)
      await sql`create table console_session (
        id text primary key, token_hash text not null unique,
        user_id text not null references console_user (id) on delete cascade,
        created_at integer not null, last_seen_at integer not null, expires_at integer not null,
        caller text not null, user_agent text not null, signed_in_by text not null) strict`.execute(database)
      await sql`create index console_session_user on console_session (user_id)`.execute(database)
      await sql`create table console_link (
        id text primary key, token_hash text not null unique,
        user_id text references console_user (id) on delete cascade,
        name text not null, role text not null, created_by text not null,
        created_at integer not null, expires_at integer not null) strict`.execute(database)
      await sql`create index console_link_user on console_link (user_id)`.execute(database)
    },
  },
  '011-audit': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table audit (
        id integer primary key autoincrement, at integer not null,
        actor_id text not null, actor_name text not null, actor_role text not null,
        action text not null, subject text, detail text not null, hash text not null) strict`.execute(
        database,
      )
      await sql`create index audit_action on audit (action, id)`.execute(database)
      await sql`create index audit_actor on audit (actor_id, id)`.execute(database)
      await sql`create trigger audit_keeps_entries before delete on audit
        begin select raise(abort, 'entries of the audit log are not deleted'); end`.execute(database)
      await sql`create trigger audit_keeps_words before update on audit
        begin select raise(abort, 'entries of the audit log are not changed'); end`.execute(database)
    },
  },
}
