// What this node has signed for: written before the signature exists, so that after a crash it signs nothing else for
// the same place. Two signatures for one place are fined.
import type { Migration } from '@worldland-aa/service/database/openDatabase'

export type BundleCommitTable = {
  /** The key that signs. */
  node_key: string
  /** Of the chain: block number / windowBlocks. */
  window: number
  sequence: number
  /** JSON array: userOpHashes in the bundle's order. */
  operations: string
  transaction_hash: string
}

/** What others have signed, so that a restart does not forget what is theirs. */
export type HeardCommitTable = {
  bundler_id: number
  window: number
  sequence: number
  /** JSON array: userOpHashes in the bundle's order. */
  operations: string
  transaction_hash: string
  signature: string
}

/** Two commits of one place, until the court has heard of them. */
export type EquivocationTable = {
  court: string
  bundler_id: number
  window: number
  sequence: number
  /** JSON arrays: operationsHash, transactionHash, signature. */
  first: string
  second: string
  /** What the report is committed to with: after a restart it is revealed by the same. */
  salt: string
  /** Head when it came up. */
  since_block: number
}

export const heardCommitsMigration: Migration = {
  async up(database) {
    await database.schema
      .createTable('heard_commit')
      .addColumn('bundler_id', 'integer', column => column.notNull())
      .addColumn('window', 'integer', column => column.notNull())
      .addColumn('sequence', 'integer', column => column.notNull())
      .addColumn('operations', 'text', column => column.notNull())
      .addColumn('transaction_hash', 'text', column => column.notNull())
      .addColumn('signature', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('heard_commit_key', ['window', 'bundler_id', 'sequence'])
      .execute()
    await database.schema
      .createTable('equivocation')
      .addColumn('court', 'text', column => column.notNull())
      .addColumn('bundler_id', 'integer', column => column.notNull())
      .addColumn('window', 'integer', column => column.notNull())
      .addColumn('sequence', 'integer', column => column.notNull())
      .addColumn('first', 'text', column => column.notNull())
      .addColumn('second', 'text', column => column.notNull())
      .addColumn('salt', 'text', column => column.notNull())
      .addColumn('since_block', 'integer', column => column.notNull())
      .addPrimaryKeyConstraint('equivocation_key', ['court', 'bundler_id', 'window', 'sequence'])
      .execute()
  },
}

export const participationMigration: Migration = {
  async up(database) {
    await database.schema
      .createTable('bundle_commit')
      .addColumn('node_key', 'text', column => column.notNull())
      .addColumn('window', 'integer', column => column.notNull())
      .addColumn('sequence', 'integer', column => column.notNull())
      .addColumn('operations', 'text', column => column.notNull())
      .addColumn('transaction_hash', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('bundle_commit_key', ['node_key', 'window', 'sequence'])
      .execute()
  },
}
