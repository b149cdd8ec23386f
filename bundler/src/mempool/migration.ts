// The table in which operations outlive the process. A row is not deleted when an operation ends: its state says how it
// ended, so that a question about it still gets an answer. Of those that were dropped the oldest go (oldDrops.ts).
import type { Migration } from '@worldland-aa/service/database/openDatabase'

export type OperationTable = {
  /** userOperationHash. */
  hash: string
  /** Order of arrival. */
  arrival: number
  /**
   * `waiting` covers pending and submitted (which of the two follows from the bundle journal), `landed` covers
   * included and final (which of the two follows from the inclusion's depth).
   */
  state: 'waiting' | 'landed' | 'dropped'
  /** The ValidatedOperation as JSON, bigints as decimal strings. */
  validated: string
  /** Block number at which it came in. */
  added_at_block: number
  /** JSON of the refusal that ended it; null unless dropped. */
  dropped_because: string | null
  /** Number of the block whose state ended it: should a reorg take that block, it waits again. Null where no block did. */
  dropped_at_block: number | null
}

export const droppedAtBlockMigration: Migration = {
  async up(database) {
    await database.schema.alterTable('operation').addColumn('dropped_at_block', 'integer').execute()
    await database.schema
      .createIndex('operation_by_dropped_at_block')
      .on('operation')
      .column('dropped_at_block')
      .where('dropped_at_block', 'is not', null)
      .execute()
  },
}

export const mempoolMigration: Migration = {
  async up(database) {
    await database.schema
      .createTable('operation')
      .addColumn('hash', 'text', column => column.primaryKey())
      .addColumn('arrival', 'integer', column => column.notNull())
      .addColumn('state', 'text', column => column.notNull())
      .addColumn('validated', 'text', column => column.notNull())
      .addColumn('added_at_block', 'integer', column => column.notNull())
      .addColumn('dropped_because', 'text')
      .execute()
    await database.schema
      .createIndex('operation_by_state')
      .on('operation')
      .columns(['state', 'arrival'])
      .execute()
  },
}
