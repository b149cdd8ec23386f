// All API keys, in memory for every request and on the disk for every start. What an operator changes holds from the next
// request on; how much a key was used is written some seconds later, since no call waits for it.
import type { Kysely } from 'kysely'
import type { ApiKey, ChangedApiKey, NewApiKey } from '../admin/apiKeys/schema.ts'
import { hashSecret, isSecretOf, makeKeyText, readKeyText } from './keyText.ts'
import { dayOf, fromRow, type KeyUse, type StoredKey, toWire } from './storedKey.ts'
import type { ApiKeyTables } from './tables.ts'

export type ApiKeyBook = {
  /** Reads what was there before a restart. */
  start(): Promise<void>
  /** Writes how much the keys were used. */
  stop(): Promise<void>
  /** `key` is to be shown once; it is not kept. Undefined when there are as many as there may be. */
  create(
    wanted: NewApiKey,
    by: string,
  ): Promise<{ readonly apiKey: ApiKey; readonly key: string } | undefined>
  /** Undefined when there is none of that id, or it is revoked. */
  change(id: string, changed: ChangedApiKey): Promise<ApiKey | undefined>
  /** In force at once. Undefined when there is none of that id. */
  revoke(id: string): Promise<ApiKey | undefined>
  /** The newest first. */
  list(): readonly ApiKey[]
  find(id: string): ApiKey | undefined
  /** Whose key this is, be it in force or not; undefined for one that nobody was given. */
  holderOf(key: string): StoredKey | undefined
  byId(id: string): StoredKey | undefined
  /** False when that is more than the key has left today, and then nothing is taken. */
  use(key: StoredKey, calls: number): boolean
}

const mostKeys = 10_000
const revokedKeptSeconds = 400 * 86_400
const writeEveryMilliseconds = 5_000

export function createApiKeyBook(options: {
  readonly database: Kysely<ApiKeyTables>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
  readonly onWriteFailed: (error: unknown) => void
}): ApiKeyBook {
  const { database, now } = options
  const keys = new Map<string, StoredKey>()
  const uses = new Map<string, KeyUse>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function useOf(id: string): KeyUse {
    const known = uses.get(id)
    if (known !== undefined) return known
    const use = { lastUsedAtSeconds: null, day: 0, callsOfDay: 0, isNew: false }
    uses.set(id, use)
    return use
  }

  const told = (key: StoredKey): ApiKey => toWire(key, useOf(key.id), now())

  async function writeUses(): Promise<void> {
    const fresh = [...uses].filter(([, use]) => use.isNew)
    if (fresh.length === 0) return
    for (const [, use] of fresh) use.isNew = false
    const written = database.transaction().execute(async transaction => {
      for (const [id, { lastUsedAtSeconds, day, callsOfDay }] of fresh) {
        await transaction
          .updateTable('api_key')
          .set({ last_used_at: lastUsedAtSeconds, used_day: day, used_calls: callsOfDay })
          .where('id', '=', id)
          .execute()
      }
    })
    // Next time, then.
    await written.catch(error => {
      for (const [, use] of fresh) use.isNew = true
      throw error
    })
  }

  function writeSoon(): void {
    writing = writing.then(writeUses).catch(options.onWriteFailed)
  }

  async function put(key: StoredKey): Promise<ApiKey> {
    keys.set(key.id, key)
    const row = {
      name: key.name,
      limits: JSON.stringify(key.limits),
      expires_at: key.expiresAtSeconds,
      revoked_at: key.revokedAtSeconds,
    }
    await database.updateTable('api_key').set(row).where('id', '=', key.id).execute()
    return told(key)
  }

  return {
    async start() {
      const forgotten = now() - revokedKeptSeconds
      await database.deleteFrom('api_key').where('revoked_at', '<', forgotten).execute()
      for (const row of await database.selectFrom('api_key').selectAll().execute()) {
        keys.set(row.id, fromRow(row))
        uses.set(row.id, {
          lastUsedAtSeconds: row.last_used_at,
          day: row.used_day,
          callsOfDay: row.used_calls,
          isNew: false,
        })
      }
      timer = setInterval(writeSoon, writeEveryMilliseconds).unref()
    },
    async stop() {
      clearInterval(timer)
      writeSoon()
      await writing
    },
    async create({ name, use, role, limits, expiresAtSeconds }, by) {
      if (keys.size >= mostKeys) return undefined
      const { id, secret, key } = makeKeyText()
      const row = {
        id,
        name,
        use,
        role,
        limits: JSON.stringify(limits),
        secret_hash: hashSecret(secret),
        created_at: now(),
        created_by: by,
        expires_at: expiresAtSeconds,
        revoked_at: null,
        last_used_at: null,
        used_day: 0,
        used_calls: 0,
      }
      await database.insertInto('api_key').values(row).execute()
      const stored = fromRow(row)
      keys.set(id, stored)
      return { apiKey: told(stored), key }
    },
    async change(id, { name, limits, expiresAtSeconds }) {
      const known = keys.get(id)
      if (known === undefined || known.revokedAtSeconds !== null) return undefined
      const { networks } = fromRow({ ...rowOf(known), limits: JSON.stringify(limits) })
      return await put({ ...known, name, limits, networks, expiresAtSeconds })
    },
    async revoke(id) {
      const known = keys.get(id)
      if (known === undefined) return undefined
      return await put({ ...known, revokedAtSeconds: known.revokedAtSeconds ?? now() })
    },
    list: () =>
      [...keys.values()]
        .toSorted(
          (one, other) => other.createdAtSeconds - one.createdAtSeconds || (one.id < other.id ? -1 : 1),
        )
        .map(told),
    find(id) {
      const known = keys.get(id)
      return known && told(known)
    },
    byId: id => keys.get(id),
    holderOf(text) {
      const read = readKeyText(text)
      const known = read && keys.get(read.id)
      return known !== undefined && isSecretOf(known.secretHash, read?.secret ?? '') ? known : undefined
    },
    use({ id, limits: { callsPerDay } }, calls) {
      const use = useOf(id)
      const seconds = now()
      const day = dayOf(seconds)
      const callsOfDay = (use.day === day ? use.callsOfDay : 0) + calls
      if (callsPerDay !== null && callsOfDay > callsPerDay) return false
      Object.assign(use, { lastUsedAtSeconds: seconds, day, callsOfDay, isNew: true })
      return true
    },
  }
}

function rowOf(key: StoredKey) {
  return {
    id: key.id,
    name: key.name,
    use: key.use,
    role: key.role,
    secret_hash: key.secretHash,
    created_at: key.createdAtSeconds,
    created_by: key.createdBy,
    expires_at: key.expiresAtSeconds,
    revoked_at: key.revokedAtSeconds,
    last_used_at: null,
    used_day: 0,
    used_calls: 0,
  }
}
