// What the console is told of who is signed in, and of the house it is in.
import type { Passkeys } from '../signIn/passkeys.ts'
import type { Wallets } from '../signIn/wallets.ts'
import type { Session } from './schema.ts'
import { idleSeconds, type OpenSession } from './sessions.ts'

export type House = Omit<Session['house'], 'consoleOrigin'>
export type DescribeSession = (session: OpenSession) => Promise<Session>

export function createDescribeSession(options: {
  readonly passkeys: Passkeys
  readonly wallets: Wallets
  readonly house: House
  readonly origin: () => string
}): DescribeSession {
  const { passkeys, wallets, house, origin } = options
  return async ({ actor, row }) => ({
    user: { id: actor.id, name: actor.name, role: actor.role },
    session: {
      id: row.id,
      createdAtSeconds: row.created_at,
      expiresAtSeconds: row.expires_at,
      idleSeconds,
    },
    hasWayIn: (await passkeys.ofUser(actor.id)).length > 0 || (await wallets.ofUser(actor.id)).length > 0,
    house: { ...house, consoleOrigin: origin() },
  })
}
