// Who may come in, as what, and by which passkeys and wallets. There is always an admin, once there has been one.
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Role } from '../adminEnvironment.ts'
import { type AdminRefusal, refuseWith } from '../adminError.ts'
import { newId } from '../secretToken.ts'
import type { AdminTables } from '../tables.ts'

export const mostUsers = 200

export type UserRow = Selectable<AdminTables['console_user']>
export type Changed = { readonly ok: true; readonly before: UserRow; readonly after: UserRow }

export type Users = {
  isEmpty(): Promise<boolean>
  all(): Promise<readonly UserRow[]>
  find(id: string): Promise<UserRow | undefined>
  change(
    id: string,
    change: { readonly name?: string | undefined; readonly role?: Role | undefined },
  ): Promise<Changed | AdminRefusal<404 | 409>>
  remove(id: string): Promise<{ readonly ok: true; readonly removed: UserRow } | AdminRefusal<404 | 409>>
}

export function createUsers(database: Kysely<AdminTables>): Users {
  return {
    async isEmpty() {
      return (
        (await database.selectFrom('console_user').select('id').limit(1).executeTakeFirst()) === undefined
      )
    },
    async all() {
      return await database.selectFrom('console_user').selectAll().orderBy('created_at').execute()
    },
    find: id => findUser(database, id),
    async change(id, { name, role }) {
      return await database.transaction().execute(async transaction => {
        const before = await findUser(transaction, id)
        if (before === undefined) return noSuchUser()
        const after = { ...before, name: name ?? before.name, role: role ?? before.role }
        if (after.role !== 'admin' && (await isLastAdmin(transaction, before))) return lastAdmin()
        await transaction
          .updateTable('console_user')
          .set({ name: after.name, role: after.role })
          .where('id', '=', id)
          .execute()
        // A link of the old role would bring it back.
        await transaction
          .updateTable('console_link')
          .set({ role: after.role })
          .where('user_id', '=', id)
          .execute()
        if (after.role !== before.role)
          await transaction.deleteFrom('console_session').where('user_id', '=', id).execute()
        return { ok: true as const, before, after }
      })
    },
    async remove(id) {
      return await database.transaction().execute(async transaction => {
        const removed = await findUser(transaction, id)
        if (removed === undefined) return noSuchUser()
        if (await isLastAdmin(transaction, removed)) return lastAdmin()
        // Sessions, links, passkeys and wallets go with it.
        await transaction.deleteFrom('console_user').where('id', '=', id).execute()
        return { ok: true as const, removed }
      })
    },
  }
}

/** Undefined when the house is full. */
export async function addUser(
  transaction: Transaction<AdminTables>,
  user: { readonly name: string; readonly role: Role; readonly atSeconds: number },
): Promise<string | undefined> {
  const { count } = await transaction
    .selectFrom('console_user')
    .select(select => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count >= mostUsers) return undefined
  const id = newId()
  const { name, role, atSeconds } = user
  await transaction
    .insertInto('console_user')
    .values({ id, name, role, created_at: atSeconds, last_seen_at: null })
    .execute()
  return id
}

async function findUser(database: Kysely<AdminTables>, id: string): Promise<UserRow | undefined> {
  return await database.selectFrom('console_user').selectAll().where('id', '=', id).executeTakeFirst()
}

async function isLastAdmin(transaction: Transaction<AdminTables>, { id, role }: UserRow): Promise<boolean> {
  if (role !== 'admin') return false
  const other = await transaction
    .selectFrom('console_user')
    .select('id')
    .where('role', '=', 'admin')
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst()
  return other === undefined
}

export function noSuchUser(): AdminRefusal<404> {
  return refuseWith(404, {
    code: 'noSuchUser',
    message: 'There is no user of this id',
    hint: 'GET /api/v1/users lists them',
  })
}

function lastAdmin(): AdminRefusal<409> {
  return refuseWith(409, {
    code: 'lastAdmin',
    message: 'This is the last admin, without whom nobody could let anyone in',
    hint: 'make somebody else an admin first',
  })
}
