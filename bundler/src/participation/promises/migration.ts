// Promises of inclusion, own and others'. An own one is written before anybody is shown it, so that after a crash no
// second one is signed that says something else.
import type { Migration } from '@worldland-aa/service/database/openDatabase'
import type { PromiseState } from './promiseState.ts'

export type InclusionPromiseTable = {
  operation_hash: string
  bundler_id: number
  /** The PromiseCourt it can be brought to. */
  court: string
  sender: string
  /** Decimal. */
  nonce: string
  latest_block: number
  max_base_fee_per_gas: string
  signature: string
  is_own: 0 | 1
  /** Head when it was signed or came in. */
  known_since_block: number
  /** As of the last block; follows from the inclusions while the chain may still change its mind. */
  state: PromiseState
  /** Its operation cannot land any more, and the promise is no longer owed for that. */
  is_excused: 0 | 1
}

export const promisesMigration: Migration = {
  async up(database) {
    await database.schema
      .createTable('inclusion_promise')
      .addColumn('operation_hash', 'text', column => column.notNull())
      .addColumn('bundler_id', 'integer', column => column.notNull())
      .addColumn('court', 'text', column => column.notNull())
      .addColumn('sender', 'text', column => column.notNull())
      .addColumn('nonce', 'text', column => column.notNull())
      .addColumn('latest_block', 'integer', column => column.notNull())
      .addColumn('max_base_fee_per_gas', 'text', column => column.notNull())
      .addColumn('signature', 'text', column => column.notNull())
      .addColumn('is_own', 'integer', column => column.notNull())
      .addColumn('known_since_block', 'integer', column => column.notNull())
      .addColumn('state', 'text', column => column.notNull())
      .addColumn('is_excused', 'integer', column => column.notNull())
      .addPrimaryKeyConstraint('inclusion_promise_key', ['operation_hash', 'bundler_id', 'court'])
      .execute()
    await database.schema
      .createIndex('inclusion_promise_by_latest_block')
      .on('inclusion_promise')
      .column('latest_block')
      .execute()
  },
}
