// Who may be let into which machine: in memory for whoever knocks, on the disk for every start. It says what a secret opens,
// not whether its holder's right still holds.
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Address } from 'viem'
import { type Grant, grantOf } from './grant.ts'
import { hashSecret, isSecretOf } from './secrets.ts'
import type { AccessTables } from './tables.ts'

export type NewGrant = {
  readonly leaseId: bigint
  readonly user: Address
  readonly password?: string | undefined
  readonly token?: string | undefined
  readonly sshKey?: string | undefined
}

export type GrantBook = {
  /** Reads what was there before a restart. */
  start(): Promise<void>
  /** On the disk before it resolves; the user's oldest goes when there are too many. */
  add(grant: NewGrant): Promise<void>
  byPassword(leaseId: bigint, password: string): Grant | undefined
  /** False for whoever comes second. On the disk before it resolves. */
  usePassword(grant: Grant): Promise<boolean>
  byToken(leaseId: bigint, token: string): Grant | undefined
  bySshKey(leaseId: bigint, sshKey: string): Grant | undefined
  /** Whether one more may have a grant of the lease: each is asked about at every block. */
  hasRoomFor(leaseId: bigint, user: Address): boolean
  /** Whose grants there are, each once. */
  users(): readonly { readonly leaseId: bigint; readonly user: Address }[]
  forgetUser(leaseId: bigint, user: Address): Promise<void>
  forgetLease(leaseId: bigint): Promise<void>
}

/** Of one user: some devices. */
const mostPerUser = 8
const mostUsersPerLease = 256

export function createGrantBook(database: Kysely<AccessTables>): GrantBook {
  const grants = new Map<bigint, readonly Grant[]>()

  const ofLease = (leaseId: bigint): readonly Grant[] => grants.get(leaseId) ?? []

  function replace(leaseId: bigint, kept: readonly Grant[]): void {
    if (kept.length === 0) grants.delete(leaseId)
    else grants.set(leaseId, kept)
  }

  async function drop(leaseId: bigint, isDropped: (grant: Grant) => boolean): Promise<void> {
    const dropped = ofLease(leaseId).filter(isDropped)
    if (dropped.length === 0) return
    replace(
      leaseId,
      ofLease(leaseId).filter(grant => !isDropped(grant)),
    )
    const ids = dropped.map(({ id }) => id)
    await database.deleteFrom('access_grant').where('id', 'in', ids).execute()
  }

  return {
    async start() {
      for (const row of await database.selectFrom('access_grant').selectAll().orderBy('id').execute()) {
        const grant = grantOf(row)
        grants.set(grant.leaseId, [...ofLease(grant.leaseId), grant])
      }
    },
    async add({ leaseId, user, password, token, sshKey }) {
      const row = {
        lease_id: leaseId.toString(),
        user: user.toLowerCase(),
        password_hash: password === undefined ? null : hashSecret(password),
        token_hash: token === undefined ? null : hashSecret(token),
        ssh_key: sshKey ?? null,
      }
      const { id } = await database
        .insertInto('access_grant')
        .values(row as never)
        .returning('id')
        .executeTakeFirstOrThrow()
      const grant = grantOf({ ...row, id })
      grants.set(leaseId, [...ofLease(leaseId), grant])
      const others = ofLease(leaseId).filter(other => other.user === grant.user)
      const tooMany = new Set(others.slice(0, -mostPerUser))
      await drop(leaseId, other => tooMany.has(other))
    },
    byPassword: (leaseId, password) =>
      ofLease(leaseId).find(
        ({ passwordHash }) => passwordHash !== undefined && isSecretOf(passwordHash, password),
      ),
    async usePassword(grant) {
      const { leaseId } = grant
      const known = ofLease(leaseId).find(({ id }) => id === grant.id)
      if (known?.passwordHash === undefined) return false
      // Before anything is awaited: of two who come at once, one is let in.
      const used = { ...known, passwordHash: undefined }
      replace(
        leaseId,
        ofLease(leaseId).map(other => (other === known ? used : other)),
      )
      await database
        .updateTable('access_grant')
        .set({ password_hash: null })
        .where('id', '=', known.id)
        .execute()
      return true
    },
    byToken: (leaseId, token) =>
      ofLease(leaseId).find(({ tokenHash }) => tokenHash !== undefined && isSecretOf(tokenHash, token)),
    bySshKey: (leaseId, sshKey) => ofLease(leaseId).find(grant => grant.sshKey === sshKey),
    hasRoomFor(leaseId, user) {
      const users = new Set(ofLease(leaseId).map(grant => grant.user))
      return users.has(user.toLowerCase() as Address) || users.size < mostUsersPerLease
    },
    users() {
      const seen = new Map<string, Grant>()
      for (const grant of [...grants.values()].flat()) seen.set(`${grant.leaseId} ${grant.user}`, grant)
      return [...seen.values()].map(({ leaseId, user }) => ({ leaseId, user }))
    },
    forgetUser: (leaseId, user) => drop(leaseId, grant => grant.user === user.toLowerCase()),
    forgetLease: leaseId => drop(leaseId, () => true),
  }
}
