// The leases that this provider has to do with, on the disk: a restart knows them before it has looked at the chain.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Hex } from 'viem'
import type { ProviderSchema } from '../database.ts'
import type { LeaseTables } from './tables.ts'

/** What the machine of a lease is made of, as its offer said when it was taken. */
export type LeaseResources = {
  readonly offer: string | undefined
  readonly gpus: number
  readonly cpus?: number | undefined
  readonly memoryMiB?: number | undefined
  readonly diskGiB?: number | undefined
  /** Where its renter names none. */
  readonly image?: string | undefined
}

export type TakenLease = { readonly terms: Hex; readonly resources: LeaseResources }

export type LeaseBook = {
  start(): Promise<void>
  ids(): readonly bigint[]
  fromBlock(leaseId: bigint): bigint | undefined
  taken(leaseId: bigint): TakenLease | undefined
  /** The first block of those in a row at which nothing entitled its machine to be. */
  unentitledSince(leaseId: bigint): bigint | undefined
  nextLeaseId(): bigint
  /** All on the disk before they resolve. */
  found(leases: readonly { leaseId: bigint; fromBlock: bigint }[], nextLeaseId: bigint): Promise<void>
  take(leaseId: bigint, lease: TakenLease): Promise<void>
  markUnentitled(leaseId: bigint, since: bigint | undefined): Promise<void>
  forget(leaseId: bigint): Promise<void>
}

type KnownLease = {
  readonly fromBlock: bigint
  readonly taken: TakenLease | undefined
  readonly unentitledSince: bigint | undefined
}

const unknownLease: KnownLease = { fromBlock: 0n, taken: undefined, unentitledSince: undefined }

export function createLeaseBook(
  database: Kysely<ProviderSchema>,
  commits: Pick<GroupCommit<ProviderSchema>, 'commit'>,
): LeaseBook {
  const leases = new Map<bigint, KnownLease>()
  let next = 1n
  const known = (leaseId: bigint): KnownLease => leases.get(leaseId) ?? unknownLease
  async function update(leaseId: bigint, row: Partial<LeaseTables['lease']>): Promise<void> {
    const from_block = Number(known(leaseId).fromBlock)
    const empty = { terms: null, resources: null, unentitled_since_block: null }
    await commits.commit(transaction =>
      transaction
        .insertInto('lease')
        .values({ lease_id: Number(leaseId), from_block, ...empty, ...row })
        .onConflict(conflict => conflict.column('lease_id').doUpdateSet(row))
        .execute(),
    )
  }

  return {
    ids: () => [...leases.keys()],
    fromBlock: leaseId => leases.get(leaseId)?.fromBlock,
    taken: leaseId => leases.get(leaseId)?.taken,
    unentitledSince: leaseId => leases.get(leaseId)?.unentitledSince,
    nextLeaseId: () => next,
    async start() {
      for (const row of await database.selectFrom('lease').selectAll().execute()) {
        const isTaken = row.terms !== null && row.resources !== null
        leases.set(BigInt(row.lease_id), {
          fromBlock: BigInt(row.from_block),
          taken: isTaken
            ? { terms: row.terms as Hex, resources: JSON.parse(String(row.resources)) as LeaseResources }
            : undefined,
          unentitledSince:
            row.unentitled_since_block === null ? undefined : BigInt(row.unentitled_since_block),
        })
      }
      const search = await database.selectFrom('lease_search').selectAll().executeTakeFirst()
      next = BigInt(search?.next_lease_id ?? 1)
    },
    async found(all, nextLeaseId) {
      const unknown = all.filter(({ leaseId }) => !leases.has(leaseId))
      if (unknown.length === 0 && nextLeaseId === next) return
      await commits.commit(async transaction => {
        for (const { leaseId, fromBlock } of unknown)
          await transaction
            .insertInto('lease')
            .values({
              lease_id: Number(leaseId),
              from_block: Number(fromBlock),
              terms: null,
              resources: null,
              unentitled_since_block: null,
            })
            .onConflict(conflict => conflict.doNothing())
            .execute()
        const next_lease_id = Number(nextLeaseId)
        await transaction
          .insertInto('lease_search')
          .values({ only: 1, next_lease_id })
          .onConflict(conflict => conflict.column('only').doUpdateSet({ next_lease_id }))
          .execute()
      })
      for (const { leaseId, fromBlock } of unknown) leases.set(leaseId, { ...unknownLease, fromBlock })
      next = nextLeaseId
    },
    async take(leaseId, taken) {
      await update(leaseId, { terms: taken.terms, resources: JSON.stringify(taken.resources) })
      leases.set(leaseId, { ...known(leaseId), taken })
    },
    async markUnentitled(leaseId, since) {
      await update(leaseId, { unentitled_since_block: since === undefined ? null : Number(since) })
      leases.set(leaseId, { ...known(leaseId), unentitledSince: since })
    },
    async forget(leaseId) {
      await commits.commit(transaction =>
        transaction.deleteFrom('lease').where('lease_id', '=', Number(leaseId)).execute(),
      )
      leases.delete(leaseId)
    },
  }
}
