// The rows of what others have signed: as much as the memory holds, and gone when that lets go of it.
import type { Hash, Hex } from 'viem'
import type { Commits, Database } from '../../database.ts'
import type { SignedBundleCommit } from '../gossip/messages.ts'
import { operationsHashOf } from './commitHash.ts'

export type HeardStore = {
  /** Without haste: what a crash forgets others tell no more, and cannot be made sure of. */
  keepLater(signed: SignedBundleCommit): Promise<void>
  all(): Promise<readonly SignedBundleCommit[]>
  forgetBefore(window: bigint): Promise<void>
}

export function createHeardStore({
  database,
  commits,
}: {
  database: Database
  commits: Commits
}): HeardStore {
  return {
    async keepLater({ commit, operations, signature }) {
      const { bundlerId, window, sequence, transactionHash } = commit
      await commits.commitLater(async transaction => {
        await transaction
          .insertInto('heard_commit')
          .values({
            bundler_id: bundlerId,
            window: Number(window),
            sequence,
            operations: JSON.stringify(operations),
            transaction_hash: transactionHash,
            signature,
          })
          .onConflict(conflict => conflict.doNothing())
          .execute()
      })
    },
    async all() {
      const rows = await database.selectFrom('heard_commit').selectAll().execute()
      return rows.map(row => {
        const operations = JSON.parse(row.operations) as readonly Hash[]
        return {
          commit: {
            bundlerId: row.bundler_id,
            window: BigInt(row.window),
            sequence: row.sequence,
            operationsHash: operationsHashOf(operations),
            transactionHash: row.transaction_hash as Hash,
          },
          operations,
          signature: row.signature as Hex,
        }
      })
    },
    async forgetBefore(window) {
      await commits.commitLater(async transaction => {
        await transaction.deleteFrom('heard_commit').where('window', '<', Number(window)).execute()
      })
    },
  }
}
