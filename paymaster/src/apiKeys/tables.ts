// Where API keys lie: of each key its hash, never itself.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'

export type ApiKeyTables = {
  api_key: {
    id: string
    name: string
    use: 'rpc' | 'admin'
    role: 'viewer' | 'operator' | 'admin' | null
    /** JSON: origins, networks, methods, policies, calls a second and a day. */
    limits: string
    /** SHA-256 of the secret, in hex. */
    secret_hash: string
    created_at: number
    created_by: string
    expires_at: number | null
    revoked_at: number | null
    last_used_at: number | null
    /** Days since the epoch of the last use, and the calls of that day. */
    used_day: number
    used_calls: number
  }
}

export const apiKeyMigrations: Migrations = {
  '040-api-keys': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table api_key (
        id text primary key, name text not null, use text not null, role text, limits text not null,
        secret_hash text not null, created_at integer not null, created_by text not null,
        expires_at integer, revoked_at integer, last_used_at integer,
        used_day integer not null default 0, used_calls integer not null default 0)
        strict, without rowid`.execute(database)
    },
  },
}
