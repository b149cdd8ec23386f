// The audit log on the disk. Each entry's hash covers it and the hash before it, so that a change to the file shows; the
// service's own log tells each hash as well, against which a whole log that was written anew would show too.
import { createHash } from 'node:crypto'
import type { Logger } from '@worldland-aa/service/logger'
import type { Kysely, Selectable } from 'kysely'
import type { AuditEntry, AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import type { AdminTables } from '../tables.ts'
import type { AuditCheck, AuditFilter } from './schema.ts'

export type AuditRow = Selectable<AdminTables['audit']>

export type AuditStore = AuditLog & {
  /** Newest first, from before an id. */
  read(
    filter: AuditFilter,
    page: { beforeId: number | undefined; limit: number },
  ): Promise<readonly AuditRow[]>
  check(): Promise<AuditCheck>
}

const mostDetailCharacters = 16_384
const rowsPerStep = 1_000

export function createAuditStore(options: {
  readonly database: Kysely<AdminTables>
  readonly live: LiveUpdates
  /** Seconds since the Unix epoch. */
  readonly now: () => number
  readonly logger: Logger
}): AuditStore {
  const { database, live, now, logger } = options

  async function write({
    actor,
    action,
    subject,
    detail,
  }: AuditEntry): Promise<{ id: number; hash: string }> {
    return await database.transaction().execute(async transaction => {
      const last = await transaction
        .selectFrom('audit')
        .select(['id', 'hash'])
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      const entry = {
        at: now(),
        actor_id: actor.id,
        actor_name: actor.name,
        actor_role: actor.role,
        action,
        subject: subject ?? null,
        detail: detailText(detail),
      }
      const id = (last?.id ?? 0) + 1
      const hash = hashOf({ id, ...entry }, last?.hash)
      await transaction
        .insertInto('audit')
        .values({ id, ...entry, hash })
        .execute()
      return { id, hash }
    })
  }

  return {
    async append(entry) {
      const { id, hash } = await write(entry)
      const { actor, action, subject } = entry
      logger.info({ id, actor: actor.name, action, subject, hash }, 'audit')
      live.tell({ kind: 'audit', id: String(id) })
    },
    async read({ actor, action, fromSeconds, toSeconds }, { beforeId, limit }) {
      let query = database.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit)
      if (beforeId !== undefined) query = query.where('id', '<', beforeId)
      if (fromSeconds !== undefined) query = query.where('at', '>=', fromSeconds)
      if (toSeconds !== undefined) query = query.where('at', '<=', toSeconds)
      if (action?.endsWith('.'))
        query = query.where('action', '>=', action).where('action', '<', `${action}~`)
      else if (action !== undefined) query = query.where('action', '=', action)
      if (actor !== undefined) {
        query = query.where(row =>
          row.or([row('actor_id', '=', actor), row('actor_name', 'like', `%${likeText(actor)}%`)]),
        )
      }
      return await query.execute()
    },
    async check() {
      let previous: AuditRow | undefined
      let entries = 0
      for (;;) {
        const rows = await database
          .selectFrom('audit')
          .selectAll()
          .where('id', '>', previous?.id ?? 0)
          .orderBy('id')
          .limit(rowsPerStep)
          .execute()
        for (const row of rows) {
          const isNext = row.id === (previous?.id ?? 0) + 1
          if (!isNext || row.hash !== hashOf(row, previous?.hash)) {
            return { isWhole: false, entries, lastHash: previous?.hash ?? null, brokenAtId: row.id }
          }
          previous = row
          entries++
        }
        if (rows.length < rowsPerStep) break
        await new Promise(setImmediate)
      }
      return { isWhole: true, entries, lastHash: previous?.hash ?? null, brokenAtId: null }
    },
  }
}

function hashOf(row: Omit<AuditRow, 'hash'>, previousHash: string | undefined): string {
  const { id, at, actor_id, actor_name, actor_role, action, subject, detail } = row
  const words = [previousHash ?? '', id, at, actor_id, actor_name, actor_role, action, subject, detail]
  return createHash('sha256').update(JSON.stringify(words)).digest('hex')
}

function detailText(detail: AuditEntry['detail']): string {
  const text = JSON.stringify(detail ?? {}, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  if (text.length <= mostDetailCharacters) return text
  return JSON.stringify({ shortened: text.slice(0, mostDetailCharacters) })
}

/** `%` and `_` mean anything to SQLite's LIKE: whoever looks for them gets some more than that. */
function likeText(text: string): string {
  return text.replaceAll('%', '_')
}
