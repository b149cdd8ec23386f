// Who is signed in. A session is a random token in its browser's cookie, of which the file has only the hash: a new one
// at every sign-in, never one that a browser brought along. It ends when it is idle for long, when it is old, when its
// user ends it, and at once when the user's role changes or the user goes.
import type { Kysely, Selectable } from 'kysely'
import type { Actor } from '../adminEnvironment.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { hashOfToken, newId, newSecretToken } from '../secretToken.ts'
import type { AdminTables, SignInWay } from '../tables.ts'

export const idleSeconds = 12 * 3_600
const longestSeconds = 7 * 86_400
/** Of one user; the oldest goes when there is one more. */
const mostOfUser = 20
/** How exactly it is known when a session was last used. */
const touchSeconds = 60

export type SessionRow = Selectable<AdminTables['console_session']>
export type OpenSession = { readonly actor: Actor; readonly row: SessionRow }

export type Sessions = {
  /** The token for the cookie; `replaces` is the one that the browser had. */
  open(options: {
    readonly userId: string
    readonly signedInBy: SignInWay
    readonly caller: string
    readonly userAgent: string
    readonly replaces: string | undefined
  }): Promise<string>
  /** Undefined for a token of no session, or of one that has ended. */
  find(token: string): Promise<OpenSession | undefined>
  isOpen(id: string): Promise<boolean>
  ofUser(userId: string): Promise<readonly SessionRow[]>
  /** False when the user has none of this id. */
  end(userId: string, id: string): Promise<boolean>
  endAllOf(userId: string): Promise<void>
}

export function createSessions(options: {
  readonly database: Kysely<AdminTables>
  readonly live: LiveUpdates
  readonly now: () => number
}): Sessions {
  const { database, live, now } = options

  const isInForce = (row: Pick<SessionRow, 'expires_at' | 'last_seen_at'>): boolean =>
    now() < row.expires_at && now() < row.last_seen_at + idleSeconds

  async function ofUser(userId: string): Promise<readonly SessionRow[]> {
    const rows = await database
      .selectFrom('console_session')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('last_seen_at', 'desc')
      .execute()
    return rows.filter(isInForce)
  }

  async function touch(row: SessionRow): Promise<void> {
    if (now() - row.last_seen_at < touchSeconds) return
    const seen = { last_seen_at: now() }
    await database.updateTable('console_session').set(seen).where('id', '=', row.id).execute()
    await database.updateTable('console_user').set(seen).where('id', '=', row.user_id).execute()
  }

  return {
    async open({ userId, signedInBy, caller, userAgent, replaces }) {
      const token = newSecretToken()
      const id = newId()
      await database.transaction().execute(async transaction => {
        await transaction
          .deleteFrom('console_session')
          .where(row =>
            row.or([
              row('expires_at', '<=', now()),
              row('last_seen_at', '<=', now() - idleSeconds),
              ...(replaces === undefined ? [] : [row('token_hash', '=', hashOfToken(replaces))]),
            ]),
          )
          .execute()
        const others = await transaction
          .selectFrom('console_session')
          .select('id')
          .where('user_id', '=', userId)
          .orderBy('last_seen_at', 'desc')
          .execute()
        const beyond = others.slice(mostOfUser - 1).map(row => row.id)
        if (beyond.length > 0)
          await transaction.deleteFrom('console_session').where('id', 'in', beyond).execute()
        await transaction
          .insertInto('console_session')
          .values({
            id,
            token_hash: hashOfToken(token),
            user_id: userId,
            created_at: now(),
            last_seen_at: now(),
            expires_at: now() + longestSeconds,
            caller,
            user_agent: userAgent.slice(0, 256),
            signed_in_by: signedInBy,
          })
          .execute()
        await transaction
          .updateTable('console_user')
          .set({ last_seen_at: now() })
          .where('id', '=', userId)
          .execute()
      })
      live.tell({ kind: 'session', id })
      return token
    },
    async find(token) {
      const found = await database
        .selectFrom('console_session')
        .innerJoin('console_user', 'console_user.id', 'console_session.user_id')
        .selectAll('console_session')
        .select(['console_user.name', 'console_user.role'])
        .where('token_hash', '=', hashOfToken(token))
        .executeTakeFirst()
      if (found === undefined || !isInForce(found)) return undefined
      const { name, role, ...row } = found
      await touch(row)
      return { actor: { id: row.user_id, name, role }, row }
    },
    async isOpen(id) {
      const row = await database
        .selectFrom('console_session')
        .select(['expires_at', 'last_seen_at'])
        .where('id', '=', id)
        .executeTakeFirst()
      return row !== undefined && isInForce(row)
    },
    ofUser,
    async end(userId, id) {
      const { numDeletedRows } = await database
        .deleteFrom('console_session')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst()
      live.tell({ kind: 'session', id })
      return numDeletedRows > 0n
    },
    async endAllOf(userId) {
      await database.deleteFrom('console_session').where('user_id', '=', userId).execute()
      live.tell({ kind: 'session' })
    },
  }
}
