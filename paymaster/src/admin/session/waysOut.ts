// Passkeys and wallets that are taken away: never the last one, without which its user could not come in again.
import type { Kysely, Transaction } from 'kysely'
import { type AdminRefusal, refuseWith } from '../adminError.ts'
import type { AdminTables } from '../tables.ts'

type Removed = { readonly ok: true } | AdminRefusal<404 | 409>

export type WaysOut = {
  removePasskey(userId: string, id: string): Promise<Removed>
  /** By its lower-case address. */
  removeWallet(userId: string, address: string): Promise<Removed>
}

export function createWaysOut(database: Kysely<AdminTables>): WaysOut {
  return {
    async removePasskey(userId, id) {
      return await database.transaction().execute(async transaction => {
        const { passkeys, wallets } = await waysOf(transaction, userId)
        const problem = problemOf(passkeys.includes(id), passkeys.length + wallets.length)
        if (problem !== undefined) return problem
        await transaction.deleteFrom('console_passkey').where('id', '=', id).execute()
        return { ok: true as const }
      })
    },
    async removeWallet(userId, address) {
      return await database.transaction().execute(async transaction => {
        const { passkeys, wallets } = await waysOf(transaction, userId)
        const problem = problemOf(wallets.includes(address), passkeys.length + wallets.length)
        if (problem !== undefined) return problem
        await transaction.deleteFrom('console_wallet').where('address', '=', address).execute()
        return { ok: true as const }
      })
    },
  }
}

async function waysOf(transaction: Transaction<AdminTables>, userId: string) {
  const passkeys = await transaction
    .selectFrom('console_passkey')
    .select('id')
    .where('user_id', '=', userId)
    .execute()
  const wallets = await transaction
    .selectFrom('console_wallet')
    .select('address')
    .where('user_id', '=', userId)
    .execute()
  return { passkeys: passkeys.map(row => row.id), wallets: wallets.map(row => row.address) }
}

function problemOf(isThere: boolean, count: number): AdminRefusal<404 | 409> | undefined {
  if (!isThere) {
    return refuseWith(404, {
      code: 'noSuchWayIn',
      message: 'You have none of this id',
      hint: 'GET /api/v1/session/ways-in lists yours',
    })
  }
  if (count > 1) return undefined
  return refuseWith(409, {
    code: 'lastWayIn',
    message: 'This is your only way in: without it you could not sign in again',
    hint: 'add another passkey or wallet first',
  })
}
