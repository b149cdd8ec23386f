// The bundler's one database: the tables of all stages, each described beside its stage.

import { createGroupCommit, type GroupCommit } from '@worldland-aa/service/database/groupCommit'
import { type Migrations, openDatabase, type Transaction } from '@worldland-aa/service/database/openDatabase'
import type { StorageWatch } from '@worldland-aa/service/database/storageWatch'
import type { Part } from '@worldland-aa/service/lifecycle'
import { type IdentityTable, identityMigration } from './identity.ts'
import { droppedAtBlockMigration, mempoolMigration, type OperationTable } from './mempool/migration.ts'
import {
  type BundleCommitTable,
  type EquivocationTable,
  type HeardCommitTable,
  heardCommitsMigration,
  participationMigration,
} from './participation/commits/migration.ts'
import { type InclusionPromiseTable, promisesMigration } from './participation/promises/migration.ts'
import { type InclusionTable, type ReceiptCursorTable, receiptMigration } from './receipt/migration.ts'
import { type ReputationTable, reputationMigration } from './reputation/migration.ts'
import {
  type BundleTransactionTable,
  lastBlockMigration,
  type SlotTable,
  submissionMigration,
} from './submission/migration.ts'

export type Schema = {
  operation: OperationTable
  reputation: ReputationTable
  slot: SlotTable
  bundle_transaction: BundleTransactionTable
  inclusion: InclusionTable
  receipt_cursor: ReceiptCursorTable
  identity: IdentityTable
  inclusion_promise: InclusionPromiseTable
  bundle_commit: BundleCommitTable
  heard_commit: HeardCommitTable
  equivocation: EquivocationTable
}

export const bundlerMigrations: Migrations = {
  '001-mempool': mempoolMigration,
  '002-reputation': reputationMigration,
  '003-submission': submissionMigration,
  '004-receipt': receiptMigration,
  '005-identity': identityMigration,
  '006-promises': promisesMigration,
  '006-last-block': lastBlockMigration,
  '006-participation': participationMigration,
  '007-dropped-at-block': droppedAtBlockMigration,
  '008-heard-commits': heardCommitsMigration,
}

export type Database = Awaited<ReturnType<typeof openDatabase<Schema>>>
export type Commits = GroupCommit<Schema>

/** What a stage makes of a step of the chain, in two parts: all stages' rows are one transaction, or none is written. */
export type PreparedChange = {
  /** May run twice, when a first attempt was undone. */
  write(transaction: Transaction<Schema>): Promise<void>
  /** Brings the memory in line once the rows are on the disk. */
  apply(): void
}

/** `path` is a file, made when missing, or `:memory:`. */
export async function openBundlerDatabase(
  path: string,
  watch?: StorageWatch,
): Promise<{ database: Database; commits: Commits }> {
  const database = await openDatabase<Schema>({
    path,
    ...(watch && { watch }),
    migrations: bundlerMigrations,
  })
  return { database, commits: createGroupCommit(database) }
}

/** The first to start, and so the last to stop: what was handed in is on the disk by then. */
export function storagePart(database: Database, commits: Commits): Part {
  return {
    name: 'database',
    async start() {},
    async stop() {
      await commits.settled()
      await database.destroy()
    },
  }
}
