// What of access outlasts a restart: which statements were used, what was sealed to whom, and by what secrets people are let
// in, of each its hash.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'

export type AccessTables = {
  access_statement: {
    /** EIP-712 hash of a statement that is good once. */
    hash: string
    /** Seconds since the Unix epoch; it may be forgotten afterwards. */
    good_until: number
  }
  access_lease: {
    lease_id: string
    /** JSON: whose it is, and what was sealed but the secrets; other terms, and it is sealed anew. */
    terms: string
    /** JSON: the ports that may be reached. */
    ports: string
    /** What is published with `ready`, in hex. */
    published: string
  }
  access_grant: {
    id: number
    lease_id: string
    /** By whose right it holds, lower case. */
    user: string
    /** SHA-256 in hex; null once it was used. */
    password_hash: string | null
    /** Null of one that holds an SSH key alone. */
    token_hash: string | null
    /** `ssh-ed25519 AAAA…`, without a comment. */
    ssh_key: string | null
  }
}

export const accessMigrations: Migrations = {
  '310-access-statements': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table access_statement (hash text primary key, good_until integer not null)
        strict, without rowid`.execute(database)
    },
  },
  '311-access-grants': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table access_lease (
        lease_id text primary key, terms text not null, ports text not null, published text not null)
        strict, without rowid`.execute(database)
      await sql`create table access_grant (
        id integer primary key, lease_id text not null, user text not null,
        password_hash text, token_hash text, ssh_key text) strict`.execute(database)
      await sql`create index access_grant_lease on access_grant (lease_id)`.execute(database)
    },
  },
}
