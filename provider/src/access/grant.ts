// By what somebody is let into the machine of a lease, and by whose right.
import type { Address } from 'viem'
import type { AccessTables } from './tables.ts'

export type Grant = {
  readonly id: number
  readonly leaseId: bigint
  /** It opens nothing once this account holds no right to the lease. */
  readonly user: Address
  /** Of a password that is good once; undefined when it was used, or never was. */
  readonly passwordHash: string | undefined
  readonly tokenHash: string | undefined
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly sshKey: string | undefined
}

export function grantOf(row: AccessTables['access_grant']): Grant {
  return {
    id: row.id,
    leaseId: BigInt(row.lease_id),
    user: row.user as Address,
    passwordHash: row.password_hash ?? undefined,
    tokenHash: row.token_hash ?? undefined,
    sshKey: row.ssh_key ?? undefined,
  }
}
