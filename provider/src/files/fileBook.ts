// Which files there are, within what was granted: of each agreement and in all, so many bytes and so many files.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely, Transaction } from '@worldland-aa/service/database/openDatabase'
import { sql } from 'kysely'
import type { Outcome } from '../outcome.ts'
import type { FileQuota } from './quota.ts'
import { type FileRefusal, refuse } from './refusal.ts'
import { type AgreementId, fromRow, type KnownFile, type StoredFile, toRow } from './storedFile.ts'
import type { FileTables } from './tables.ts'

export type FileBook = {
  /** Refused where it would go beyond a quota: what is uploading counts as if it were whole. */
  open<File extends KnownFile>(file: File): Promise<Outcome<File, FileRefusal>>
  find(id: string): Promise<KnownFile | undefined>
  ofAgreement(agreement: AgreementId): Promise<readonly KnownFile[]>
  ofModel(modelId: bigint): Promise<readonly StoredFile[]>
  /** False where the file is uploading no more: a chunk changes nothing of what has a root. */
  tookChunk(id: string, chunk: { readonly number: number; readonly hash: Uint8Array }): Promise<boolean>
  chunks(id: string): Promise<readonly { readonly number: number; readonly hash: Uint8Array }[]>
  /** A chunk that did not bear a second look. */
  dropChunk(id: string, number: number): Promise<void>
  /** False where it is uploading no more. */
  finish(file: StoredFile): Promise<boolean>
  publish(
    id: string,
    model: { readonly modelId: bigint | undefined; readonly expiresAtSeconds: number },
  ): Promise<void>
  remove(id: string): Promise<void>
  expired(atSeconds: number): Promise<readonly KnownFile[]>
  totals(): Promise<{ readonly files: number; readonly bytes: number }>
}

const mostExpired = 100

export function createFileBook(options: {
  readonly database: Kysely<FileTables>
  readonly commits: GroupCommit<FileTables>
  readonly quota: FileQuota
}): FileBook {
  const { database, commits, quota } = options
  const select = () => database.selectFrom('stored_file').selectAll()

  async function beyondQuota(
    transaction: Transaction<FileTables>,
    file: KnownFile,
  ): Promise<string | undefined> {
    const sum = transaction
      .selectFrom('stored_file')
      .select([
        sql<number>`coalesce(sum(size_bytes), 0)`.as('bytes'),
        sql<number>`count(*)`.as('files'),
        sql<number>`coalesce(sum(state = 'uploading'), 0)`.as('uploading'),
      ])
    const mine = await sum
      .where('market', '=', file.market.toLowerCase())
      .where('agreement_id', '=', file.agreementId.toString())
      .executeTakeFirstOrThrow()
    return quota.problem({ sizeBytes: file.sizeBytes, mine, all: await sum.executeTakeFirstOrThrow() })
  }

  return {
    open(file) {
      return commits.commit(async transaction => {
        const problem = await beyondQuota(transaction, file)
        if (problem !== undefined) return refuse(413, problem)
        await transaction.insertInto('stored_file').values(toRow(file)).execute()
        return { ok: true, value: file }
      })
    },
    async find(id) {
      const row = await select().where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },
    async ofAgreement({ market, agreementId }) {
      const rows = await select()
        .where('market', '=', market.toLowerCase())
        .where('agreement_id', '=', agreementId.toString())
        .orderBy('created_at')
        .execute()
      return rows.map(fromRow)
    },
    async ofModel(modelId) {
      const rows = await select().where('model_id', '=', modelId.toString()).orderBy('created_at').execute()
      return rows.map(fromRow).filter(file => file.state === 'stored')
    },
    tookChunk(id, { number, hash }) {
      return commits.commit(async transaction => {
        const isOpen = await isUploading(transaction, id)
        if (!isOpen) return false
        await transaction
          .insertInto('file_chunk')
          .values({ file_id: id, number, hash })
          .onConflict(conflict => conflict.columns(['file_id', 'number']).doUpdateSet({ hash }))
          .execute()
        return true
      })
    },
    async chunks(id) {
      const chunks = database.selectFrom('file_chunk').select(['number', 'hash']).where('file_id', '=', id)
      return await chunks.orderBy('number').execute()
    },
    async dropChunk(id, number) {
      await commits.commit(transaction =>
        transaction.deleteFrom('file_chunk').where('file_id', '=', id).where('number', '=', number).execute(),
      )
    },
    finish(file) {
      return commits.commit(async transaction => {
        if (!(await isUploading(transaction, file.id))) return false
        const { id, ...row } = toRow(file)
        await transaction.updateTable('stored_file').set(row).where('id', '=', id).execute()
        await transaction.deleteFrom('file_chunk').where('file_id', '=', id).execute()
        return true
      })
    },
    async publish(id, { modelId, expiresAtSeconds }) {
      const values = { model_id: modelId?.toString() ?? null, expires_at: expiresAtSeconds }
      await commits.commit(transaction =>
        transaction.updateTable('stored_file').set(values).where('id', '=', id).execute(),
      )
    },
    async remove(id) {
      await commits.commit(async transaction => {
        await transaction.deleteFrom('file_chunk').where('file_id', '=', id).execute()
        await transaction.deleteFrom('stored_file').where('id', '=', id).execute()
      })
    },
    async expired(atSeconds) {
      const rows = await select().where('expires_at', '<=', atSeconds).limit(mostExpired).execute()
      return rows.map(fromRow)
    },
    async totals() {
      const { files, bytes } = await database
        .selectFrom('stored_file')
        .select([sql<number>`count(*)`.as('files'), sql<number>`coalesce(sum(size_bytes), 0)`.as('bytes')])
        .executeTakeFirstOrThrow()
      return { files, bytes }
    },
  }
}

async function isUploading(transaction: Transaction<FileTables>, id: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('stored_file')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.state === 'uploading'
}
