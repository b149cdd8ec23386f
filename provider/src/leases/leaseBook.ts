// The leases that this provider has to do with, on the disk: a restart knows them before it has looked at the chain.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Hex } from 'viem'
import type { ProviderSchema } from '../database.ts'

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
  nextLeaseId(): bigint
  /** All on the disk before they resolve. */
  found(leases: readonly { leaseId: bigint; fromBlock: bigint }[], nextLeaseId: bigint): Promise<void>
  take(leaseId: bigint, lease: TakenLease): Promise<void>
  forget(leaseId: bigint): Promise<void>
}

export function createLeaseBook(
  database: Kysely<ProviderSchema>,
  commits: Pick<GroupCommit<ProviderSchema>, 'commit'>,
): LeaseBook {
  const leases = new Map<bigint, { fromBlock: bigint; taken: TakenLease | undefined }>()
  let next = 1n
  return {
    ids: () => [...leases.keys()],
    fromBlock: leaseId => leases.get(leaseId)?.fromBlock,
    taken: leaseId => leases.get(leaseId)?.taken,
    nextLeaseId: () => next,
    async start() {
      for (const row of await database.selectFrom('lease').selectAll().execute()) {
        const isTaken = row.terms !== null && row.resources !== null
        leases.set(BigInt(row.lease_id), {
          fromBlock: BigInt(row.from_block),
          taken: isTaken
            ? { terms: row.terms as Hex, resources: JSON.parse(String(row.resources)) as LeaseResources }
            : undefined,
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
      for (const { leaseId, fromBlock } of unknown) leases.set(leaseId, { fromBlock, taken: undefined })
      next = nextLeaseId
    },
    async take(leaseId, taken) {
      const fromBlock = leases.get(leaseId)?.fromBlock ?? 0n
      const row = { terms: taken.terms as string, resources: JSON.stringify(taken.resources) }
      await commits.commit(transaction =>
        transaction
          .insertInto('lease')
          .values({ lease_id: Number(leaseId), from_block: Number(fromBlock), ...row })
          .onConflict(conflict => conflict.column('lease_id').doUpdateSet(row))
          .execute(),
      )
      leases.set(leaseId, { fromBlock, taken })
    },
    async forget(leaseId) {
      await commits.commit(transaction =>
        transaction.deleteFrom('lease').where('lease_id', '=', Number(leaseId)).execute(),
      )
      leases.delete(leaseId)
    },
  }
}
