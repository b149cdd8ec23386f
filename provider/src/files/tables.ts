// Files as this provider knows them: whose each is, what it is made of, where it lies. Their bytes lie in a store.
import type { Migrations } from '@worldland-aa/service/database/openDatabase'
import { type Kysely, sql } from 'kysely'

export type FileTables = {
  stored_file: {
    /** 32 hex digits. */
    id: string
    /** The contract, in lower case, and the lease or session: whoever holds a right to it may read the file. */
    market: string
    agreement_id: string
    /** Who paid for it, in lower case. */
    payer: string
    name: string
    size_bytes: number
    chunk_bytes: number
    state: 'uploading' | 'stored'
    /** Of a stored one: by `fileRoot`. */
    root: string | null
    /** `keccak256` of all of it, as `createDataTree` takes a datum. */
    content_hash: string | null
    /** `keccak256` of each chunk, in order, 32 bytes each. */
    chunk_hashes: Uint8Array | null
    store: string | null
    /** By which the store finds it. */
    reference: string | null
    /** The model whose licensees may read it, too. */
    model_id: string | null
    /** Seconds since the Unix epoch. */
    created_at: number
    expires_at: number
  }
  /** Of files that are uploading alone. */
  file_chunk: { file_id: string; number: number; hash: Uint8Array }
}

export const fileMigrations: Migrations = {
  '330-files': {
    async up(database: Kysely<never>): Promise<void> {
      await sql`create table stored_file (
        id text primary key, market text not null, agreement_id text not null, name text not null,
        size_bytes integer not null, chunk_bytes integer not null, state text not null, root text,
        content_hash text, chunk_hashes blob, store text, reference text, model_id text,
        created_at integer not null, expires_at integer not null) strict, without rowid`.execute(database)
      await sql`create index stored_file_agreement on stored_file (market, agreement_id)`.execute(database)
      await sql`create index stored_file_model on stored_file (model_id) where model_id is not null`.execute(
        database,
      )
      await sql`create index stored_file_expiry on stored_file (expires_at)`.execute(database)
      await sql`create table file_chunk (
        file_id text not null references stored_file (id) on delete cascade, number integer not null,
        hash blob not null, primary key (file_id, number)) strict, without rowid`.execute(database)
    },
  },
  '331-file-payers': {
    async up(database: Kysely<never>): Promise<void> {
      // Of files before it nobody is known to have paid: they are nobody's.
      const nobody = '0x0000000000000000000000000000000000000000'
      await sql`alter table stored_file add column payer text not null default ${sql.lit(nobody)}`.execute(
        database,
      )
    },
  },
}
