// Links that sign in once: the first admin's, an invited user's, that of a user who has lost every way in. The token
// stands behind # in the URL, which browsers send to no server, so that no log of requests has it.
import type { Kysely, Selectable } from 'kysely'
import type { Role } from '../adminEnvironment.ts'
import { hashOfToken, newId, newSecretToken } from '../secretToken.ts'
import type { AdminTables } from '../tables.ts'
import { addUser } from '../users/users.ts'

export type LinkRow = Selectable<AdminTables['console_link']>
export type NewLink = { readonly id: string; readonly url: string; readonly expiresAtSeconds: number }

export type SignInLinks = {
  make(options: {
    /** Absent for somebody new. */
    readonly userId?: string
    readonly name: string
    readonly role: Role
    readonly createdBy: string
    readonly goodForSeconds: number
  }): Promise<NewLink>
  /** The user whom it lets in, made where there is none yet; undefined for a link that is used, too old or unknown. */
  redeem(token: string): Promise<{ readonly userId: string; readonly isNew: boolean } | undefined>
  /** Those for somebody new. */
  open(): Promise<readonly LinkRow[]>
  withdraw(id: string): Promise<LinkRow | undefined>
  /** All that this one has made. */
  withdrawAllOf(createdBy: string): Promise<void>
}

export const mostOpenLinks = 200

export function createSignInLinks(options: {
  readonly database: Kysely<AdminTables>
  readonly origin: () => string
  readonly now: () => number
}): SignInLinks {
  const { database, origin, now } = options
  return {
    async make({ userId, name, role, createdBy, goodForSeconds }) {
      const token = newSecretToken()
      const id = newId()
      const expiresAtSeconds = now() + goodForSeconds
      await database.transaction().execute(async transaction => {
        await transaction.deleteFrom('console_link').where('expires_at', '<=', now()).execute()
        // Of a user's own, only the newest is good.
        if (userId !== undefined)
          await transaction.deleteFrom('console_link').where('user_id', '=', userId).execute()
        await transaction
          .insertInto('console_link')
          .values({
            id,
            token_hash: hashOfToken(token),
            user_id: userId ?? null,
            name,
            role,
            created_by: createdBy,
            created_at: now(),
            expires_at: expiresAtSeconds,
          })
          .execute()
      })
      return { id, url: `${origin()}/console/sign-in#${token}`, expiresAtSeconds }
    },
    async redeem(token) {
      return await database.transaction().execute(async transaction => {
        const link = await transaction
          .deleteFrom('console_link')
          .where('token_hash', '=', hashOfToken(token))
          .returningAll()
          .executeTakeFirst()
        if (link === undefined || link.expires_at <= now()) return undefined
        if (link.user_id !== null) return { userId: link.user_id, isNew: false }
        const { name, role } = link
        const userId = await addUser(transaction, { name, role, atSeconds: now() })
        return userId === undefined ? undefined : { userId, isNew: true }
      })
    },
    async open() {
      return await database
        .selectFrom('console_link')
        .selectAll()
        .where('user_id', 'is', null)
        .where('expires_at', '>', now())
        .orderBy('created_at', 'desc')
        .execute()
    },
    async withdraw(id) {
      return await database
        .deleteFrom('console_link')
        .where('id', '=', id)
        .where('user_id', 'is', null)
        .returningAll()
        .executeTakeFirst()
    },
    async withdrawAllOf(createdBy) {
      await database.deleteFrom('console_link').where('created_by', '=', createdBy).execute()
    },
  }
}
