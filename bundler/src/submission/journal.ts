// The submission stage's rows. Written before the network hears of a transaction, read at the start.
import type { Address, Hash, Hex } from 'viem'
import type { Commits, Database } from '../database.ts'
import type { BundleTransactionTable, SlotTable } from './migration.ts'
import { lastAttempt, type NonceSlot, type SignedTransaction } from './nonceSlot.ts'

export type Journal = {
  /** Every nonce that is not final, with its transactions. */
  load(): Promise<readonly NonceSlot[]>
  /** The slot as it stands with its newest transaction, in one write. */
  record(slot: NonceSlot): Promise<void>
  /** State and operations only. */
  update(slot: NonceSlot): Promise<void>
  /** Final, or never accepted by any node. */
  forget(slot: NonceSlot): Promise<void>
}

export function createJournal({ database, commits }: { database: Database; commits: Commits }): Journal {
  return {
    async load() {
      const slots = await database.selectFrom('slot').selectAll().orderBy('nonce').execute()
      const transactions = await database
        .selectFrom('bundle_transaction')
        .selectAll()
        .orderBy('attempt')
        .execute()
      return slots.map(slot =>
        readSlot(
          slot,
          transactions.filter(row => row.executor === slot.executor && row.nonce === slot.nonce),
        ),
      )
    },
    async record(slot) {
      const slotRow = writeSlot(slot)
      const transactionRow = writeTransaction(slot, lastAttempt(slot))
      await commits.commit(async transaction => {
        await transaction
          .insertInto('slot')
          .values(slotRow)
          .onConflict(conflict => conflict.columns(['executor', 'nonce']).doUpdateSet(slotRow))
          .execute()
        await transaction.insertInto('bundle_transaction').values(transactionRow).execute()
      })
    },
    async update(slot) {
      const row = writeSlot(slot)
      await commits.commit(async transaction => {
        await transaction
          .updateTable('slot')
          .set(row)
          .where('executor', '=', slot.executor)
          .where('nonce', '=', slot.nonce)
          .execute()
      })
    },
    async forget({ executor, nonce }) {
      await commits.commit(async transaction => {
        for (const table of ['bundle_transaction', 'slot'] as const) {
          await transaction
            .deleteFrom(table)
            .where('executor', '=', executor)
            .where('nonce', '=', nonce)
            .execute()
        }
      })
    },
  }
}

function writeSlot(slot: NonceSlot): SlotTable {
  return {
    executor: slot.executor,
    nonce: slot.nonce,
    state: slot.state,
    operations: JSON.stringify(slot.operations),
    opened_at_block: Number(slot.openedAtBlock),
    mined_hash: slot.mined?.hash ?? null,
    mined_block: slot.mined === undefined ? null : Number(slot.mined.block),
  }
}

function readSlot(row: SlotTable, transactions: readonly BundleTransactionTable[]): NonceSlot {
  return {
    executor: row.executor as Address,
    nonce: row.nonce,
    openedAtBlock: BigInt(row.opened_at_block),
    state: row.state,
    operations: JSON.parse(row.operations) as Hash[],
    attempts: transactions.map(readTransaction),
    mined:
      row.mined_block === null
        ? undefined
        : {
            block: BigInt(row.mined_block),
            ...(row.mined_hash !== null && { hash: row.mined_hash as Hash }),
          },
    underpriced: false,
    unexplainedBlocks: 0,
  }
}

function writeTransaction(slot: NonceSlot, transaction: SignedTransaction): BundleTransactionTable {
  return {
    hash: transaction.hash,
    executor: slot.executor,
    nonce: slot.nonce,
    attempt: slot.attempts.length,
    kind: transaction.kind,
    signed: transaction.signed,
    operations: JSON.stringify(transaction.operations),
    gas_limit: transaction.gasLimit.toString(),
    max_fee_per_gas: transaction.fees.maxFeePerGas.toString(),
    max_priority_fee_per_gas: transaction.fees.maxPriorityFeePerGas.toString(),
    signed_at_block: Number(transaction.signedAtBlock),
    last_block: transaction.lastBlock === undefined ? null : Number(transaction.lastBlock),
  }
}

function readTransaction(row: BundleTransactionTable): SignedTransaction {
  return {
    hash: row.hash as Hash,
    kind: row.kind,
    signed: row.signed as Hex,
    operations: JSON.parse(row.operations) as Hash[],
    gasLimit: BigInt(row.gas_limit),
    fees: {
      maxFeePerGas: BigInt(row.max_fee_per_gas),
      maxPriorityFeePerGas: BigInt(row.max_priority_fee_per_gas),
    },
    signedAtBlock: BigInt(row.signed_at_block),
    ...(row.last_block !== null && { lastBlock: BigInt(row.last_block) }),
  }
}
