// Policies in the ledger's database: every version that there was, and which is in force. A change is one transaction, so
// that whatever stops the service, a policy is the one before or the one after.
import type { Kysely, Transaction } from 'kysely'
import type { LedgerSchema } from '../../ledger/schema.ts'

export type PolicyState = 'inForce' | 'archived'
export type PolicySource = 'file' | 'console' | 'rollback' | 'archive'

export type StoredVersion = {
  readonly version: number
  /** JSON, as it was written. */
  readonly definition: string
  readonly source: PolicySource
  readonly author: string
  readonly atSeconds: number
  readonly note: string
}

export type StoredPolicy = {
  readonly id: string
  readonly state: PolicyState
  /** In force, or that was last. */
  readonly current: StoredVersion
  readonly newestVersion: number
  /** What the policies file said when it was last looked at; null where it said nothing. */
  readonly fileDefinition: string | null
}

export type NewVersion = Omit<StoredVersion, 'version'> & {
  readonly id: string
  readonly state: PolicyState
  /** False for one that is only kept: what is in force stays. */
  readonly takesForce: boolean
  /** Undefined leaves what is known of the file. */
  readonly fileDefinition?: string | null | undefined
}

type Reader = Kysely<LedgerSchema> | Transaction<LedgerSchema>

export async function readPolicies(database: Reader): Promise<readonly StoredPolicy[]> {
  const rows = await database
    .selectFrom('policy')
    .innerJoin('policy_version', join =>
      join
        .onRef('policy_version.policy_id', '=', 'policy.id')
        .onRef('policy_version.version', '=', 'policy.version'),
    )
    .selectAll('policy')
    .select(['definition', 'source', 'author', 'at_seconds', 'note'])
    .select(query =>
      query
        .selectFrom('policy_version as newest')
        .whereRef('newest.policy_id', '=', 'policy.id')
        .select(({ fn }) => fn.max('newest.version').as('newest'))
        .as('newest'),
    )
    .orderBy('policy.id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    state: row.state,
    current: toVersion(row),
    newestVersion: row.newest ?? row.version,
    fileDefinition: row.file_definition,
  }))
}

/** Adds a version, and puts it in force or keeps it; its number. */
export async function addVersion(ledger: Transaction<LedgerSchema>, added: NewVersion): Promise<number> {
  const { id, definition, source, author, atSeconds, note, takesForce, state, fileDefinition } = added
  const newest = await ledger
    .selectFrom('policy_version')
    .where('policy_id', '=', id)
    .select(({ fn }) => fn.max('version').as('version'))
    .executeTakeFirst()
  const version = (newest?.version ?? 0) + 1
  if (version === 1) {
    const row = { id, state, version, file_definition: fileDefinition ?? null }
    await ledger.insertInto('policy').values(row).execute()
  }
  await ledger
    .insertInto('policy_version')
    .values({ policy_id: id, version, definition, source, author, at_seconds: atSeconds, note })
    .execute()
  await ledger
    .updateTable('policy')
    .set({
      ...(takesForce ? { version, state } : {}),
      ...(fileDefinition === undefined ? {} : { file_definition: fileDefinition }),
      id,
    })
    .where('id', '=', id)
    .execute()
  return version
}

export async function noteFileDefinition(
  ledger: Transaction<LedgerSchema>,
  id: string,
  fileDefinition: string | null,
): Promise<void> {
  await ledger.updateTable('policy').set({ file_definition: fileDefinition }).where('id', '=', id).execute()
}

/** The newest first, from the one before `before`. */
export async function readVersions(
  database: Reader,
  id: string,
  page: { readonly before?: number | undefined; readonly limit: number },
): Promise<readonly StoredVersion[]> {
  let query = database.selectFrom('policy_version').selectAll().where('policy_id', '=', id)
  if (page.before !== undefined) query = query.where('version', '<', page.before)
  const rows = await query.orderBy('version', 'desc').limit(page.limit).execute()
  return rows.map(toVersion)
}

export async function readVersion(
  database: Reader,
  id: string,
  version: number,
): Promise<StoredVersion | undefined> {
  const row = await database
    .selectFrom('policy_version')
    .selectAll()
    .where('policy_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && toVersion(row)
}

function toVersion(row: Omit<LedgerSchema['policy_version'], 'policy_id'>): StoredVersion {
  const { version, definition, source, author, at_seconds, note } = row
  return { version, definition, source, author, atSeconds: at_seconds, note }
}
