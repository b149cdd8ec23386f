// The journal of what the executors signed. It is written before a transaction is broadcast, so that
// after a crash nothing is in flight that this node does not know of.
import type { Migration } from '@worldland-aa/service/database/openDatabase'

/** One executor's nonce: the place on the chain that at most one of its transactions takes. Gone when final. */
export type SlotTable = {
  executor: string
  nonce: number
  state: 'open' | 'mined'
  /** JSON array: hashes of the operations bound to this nonce, whichever of its transactions lands. */
  operations: string
  opened_at_block: number
  /** The transaction that took the nonce and its block; null while open, the hash also when it is a stranger's. */
  mined_hash: string | null
  mined_block: number | null
}

export type BundleTransactionTable = {
  hash: string
  executor: string
  nonce: number
  /** Order in which the transactions of one nonce were signed; the last is the one to keep alive. */
  attempt: number
  kind: 'bundle' | 'cancellation'
  /** The signed bytes, ready to be broadcast again. */
  signed: string
  /** JSON array: hashes of the operations in it, in their order in the bundle. */
  operations: string
  gas_limit: string
  max_fee_per_gas: string
  max_priority_fee_per_gas: string
  /** Head when it was signed. */
  signed_at_block: number
  /** Of a bundle that lands nothing after this block; null: of any other. */
  last_block: number | null
}

/** Bundles that have an end, for where several nodes take turns. */
export const lastBlockMigration: Migration = {
  async up(database) {
    await database.schema.alterTable('bundle_transaction').addColumn('last_block', 'integer').execute()
  },
}

export const submissionMigration: Migration = {
  async up(database) {
    await database.schema
      .createTable('slot')
      .addColumn('executor', 'text', column => column.notNull())
      .addColumn('nonce', 'integer', column => column.notNull())
      .addColumn('state', 'text', column => column.notNull())
      .addColumn('operations', 'text', column => column.notNull())
      .addColumn('opened_at_block', 'integer', column => column.notNull())
      .addColumn('mined_hash', 'text')
      .addColumn('mined_block', 'integer')
      .addPrimaryKeyConstraint('slot_key', ['executor', 'nonce'])
      .execute()
    await database.schema
      .createTable('bundle_transaction')
      .addColumn('hash', 'text', column => column.primaryKey())
      .addColumn('executor', 'text', column => column.notNull())
      .addColumn('nonce', 'integer', column => column.notNull())
      .addColumn('attempt', 'integer', column => column.notNull())
      .addColumn('kind', 'text', column => column.notNull())
      .addColumn('signed', 'text', column => column.notNull())
      .addColumn('operations', 'text', column => column.notNull())
      .addColumn('gas_limit', 'text', column => column.notNull())
      .addColumn('max_fee_per_gas', 'text', column => column.notNull())
      .addColumn('max_priority_fee_per_gas', 'text', column => column.notNull())
      .addColumn('signed_at_block', 'integer', column => column.notNull())
      .execute()
    await database.schema
      .createIndex('bundle_transaction_by_slot')
      .on('bundle_transaction')
      .columns(['executor', 'nonce', 'attempt'])
      .execute()
  },
}
