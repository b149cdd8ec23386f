// What the chain said about operations: one row per operation and block, so that a reorg is told
// by removing rows and a receipt is found without asking the node for logs.
import type { Migration } from '@worldland-aa/service/database/openDatabase'

export type InclusionTable = {
  operation_hash: string
  block_hash: string
  block_number: number
  transaction_hash: string
  sender: string
  /** The zero address when the account paid for itself. */
  paymaster: string
  /** Decimal. */
  nonce: string
  success: 0 | 1
  actual_gas_cost_wei: string
  actual_gas_used: string
}

/** One row: the last block whose logs are taken in. */
export type ReceiptCursorTable = { id: 1; block_number: number; block_hash: string }

export const receiptMigration: Migration = {
  async up(database) {
    await database.schema
      .createTable('inclusion')
      .addColumn('operation_hash', 'text', column => column.notNull())
      .addColumn('block_hash', 'text', column => column.notNull())
      .addColumn('block_number', 'integer', column => column.notNull())
      .addColumn('transaction_hash', 'text', column => column.notNull())
      .addColumn('sender', 'text', column => column.notNull())
      .addColumn('paymaster', 'text', column => column.notNull())
      .addColumn('nonce', 'text', column => column.notNull())
      .addColumn('success', 'integer', column => column.notNull())
      .addColumn('actual_gas_cost_wei', 'text', column => column.notNull())
      .addColumn('actual_gas_used', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('inclusion_key', ['operation_hash', 'block_hash'])
      .execute()
    await database.schema.createIndex('inclusion_by_block').on('inclusion').column('block_number').execute()
    await database.schema
      .createTable('receipt_cursor')
      .addColumn('id', 'integer', column => column.primaryKey())
      .addColumn('block_number', 'integer', column => column.notNull())
      .addColumn('block_hash', 'text', column => column.notNull())
      .execute()
  },
}
