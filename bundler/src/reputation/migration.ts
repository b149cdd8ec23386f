// The table that keeps reputations over a restart.
import type { Migration } from '@worldland-aa/service/database/openDatabase'

export type ReputationTable = {
  /** Lower-case; of an alternative mempool, its name and a slash before it. */
  address: string
  ops_seen: number
  ops_included: number
  /** Hours since the Unix epoch up to which the decay has been applied. */
  decayed_hour: number
}

export const reputationMigration: Migration = {
  async up(database) {
    await database.schema
      .createTable('reputation')
      .addColumn('address', 'text', column => column.primaryKey())
      .addColumn('ops_seen', 'integer', column => column.notNull())
      .addColumn('ops_included', 'integer', column => column.notNull())
      .addColumn('decayed_hour', 'integer', column => column.notNull())
      .execute()
  },
}
