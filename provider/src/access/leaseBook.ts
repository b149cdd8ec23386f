// The leases whose machines can be reached here: what was published of each, and which of its ports may be. On the disk, so
// that a restart publishes the same bytes again: those that an earlier life sent may land yet.
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Hex } from 'viem'
import type { AccessTables } from './tables.ts'

export type KnownLease = {
  readonly leaseId: bigint
  /** Lower case. */
  readonly payer: string
  /** JSON, the payer's address among it; equal where nothing changed. */
  readonly terms: string
  readonly ports: readonly number[]
  readonly published: Hex
}

export type LeaseBook = {
  start(): Promise<void>
  find(leaseId: bigint): KnownLease | undefined
  all(): readonly KnownLease[]
  /** In the place of what was known. On the disk before it resolves. */
  put(lease: KnownLease): Promise<void>
  forget(leaseId: bigint): Promise<void>
}

export function createLeaseBook(database: Kysely<AccessTables>): LeaseBook {
  const leases = new Map<bigint, KnownLease>()
  return {
    async start() {
      for (const row of await database.selectFrom('access_lease').selectAll().execute()) {
        const leaseId = BigInt(row.lease_id)
        const { payer } = JSON.parse(row.terms) as { payer: string }
        const ports = JSON.parse(row.ports) as number[]
        leases.set(leaseId, { leaseId, payer, terms: row.terms, ports, published: row.published as Hex })
      }
    },
    find: leaseId => leases.get(leaseId),
    all: () => [...leases.values()],
    async put(lease) {
      const row = { terms: lease.terms, ports: JSON.stringify(lease.ports), published: lease.published }
      await database
        .insertInto('access_lease')
        .values({ lease_id: lease.leaseId.toString(), ...row })
        .onConflict(conflict => conflict.column('lease_id').doUpdateSet(row))
        .execute()
      leases.set(lease.leaseId, lease)
    },
    async forget(leaseId) {
      leases.delete(leaseId)
      await database.deleteFrom('access_lease').where('lease_id', '=', leaseId.toString()).execute()
    },
  }
}
