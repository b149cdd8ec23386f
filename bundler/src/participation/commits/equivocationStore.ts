// Pairs of commits to one place that the court is to hear of, in memory and on the disk.
import { randomBytes } from 'node:crypto'
import type { BundleCommit } from '@worldland-aa/sdk/protocol/bundling'
import { hexOf } from '@worldland-aa/service/crypto/bytes'
import type { Address, Hash, Hex } from 'viem'
import type { Commits, Database } from '../../database.ts'
import type { SignedBundleCommit } from '../gossip/messages.ts'
import type { EquivocationTable } from './migration.ts'

export type Words = Pick<SignedBundleCommit, 'commit' | 'signature'>

export type Equivocation = {
  readonly court: Address
  readonly first: Words
  readonly second: Words
  /** 32 bytes that nobody can guess. */
  readonly salt: Hash
  readonly sinceBlock: bigint
}

export type EquivocationStore = {
  /** Takes up what is on the disk. */
  start(): Promise<void>
  /** In memory at once; where there are too many already it is left. */
  add(court: Address, first: Words, second: Words, sinceBlock: bigint): Promise<void>
  all(): readonly Equivocation[]
  remove(equivocation: Equivocation): Promise<void>
}

/** One bundler has as many places; more of them are no better proof. */
const mostEquivocations = 64

export function createEquivocationStore(options: {
  readonly database: Database
  readonly commits: Commits
}): EquivocationStore {
  const { database, commits } = options
  const open = new Set<Equivocation>()

  return {
    async start() {
      const rows = await database.selectFrom('equivocation').selectAll().execute()
      for (const row of rows) open.add(readRow(row))
    },
    async add(court, first, second, sinceBlock) {
      if (open.size >= mostEquivocations || [...open].some(one => isSamePlace(one.first, first))) return
      const equivocation = { court, first, second, salt: hexOf(randomBytes(32)), sinceBlock }
      open.add(equivocation)
      await commits.commitLater(async transaction => {
        await transaction
          .insertInto('equivocation')
          .values(writeRow(equivocation))
          .onConflict(conflict => conflict.doNothing())
          .execute()
      })
    },
    all: () => [...open],
    async remove(equivocation) {
      open.delete(equivocation)
      await commits.commitLater(async transaction => {
        await transaction.deleteFrom('equivocation').where('salt', '=', equivocation.salt).execute()
      })
    },
  }
}

function isSamePlace({ commit: one }: Words, { commit: other }: Words): boolean {
  return one.bundlerId === other.bundlerId && one.window === other.window && one.sequence === other.sequence
}

function writeRow({ court, first, second, salt, sinceBlock }: Equivocation): EquivocationTable {
  const { bundlerId, window, sequence } = first.commit
  const words = ({ commit, signature }: Words) =>
    JSON.stringify([commit.operationsHash, commit.transactionHash, signature])
  return {
    court,
    bundler_id: bundlerId,
    window: Number(window),
    sequence,
    first: words(first),
    second: words(second),
    salt,
    since_block: Number(sinceBlock),
  }
}

function readRow(row: EquivocationTable): Equivocation {
  const place: Pick<BundleCommit, 'bundlerId' | 'window' | 'sequence'> = {
    bundlerId: row.bundler_id,
    window: BigInt(row.window),
    sequence: row.sequence,
  }
  const words = (text: string): Words => {
    const [operationsHash, transactionHash, signature] = JSON.parse(text) as [Hash, Hash, Hex]
    return { commit: { ...place, operationsHash, transactionHash }, signature }
  }
  return {
    court: row.court as Address,
    first: words(row.first),
    second: words(row.second),
    salt: row.salt as Hash,
    sinceBlock: BigInt(row.since_block),
  }
}
