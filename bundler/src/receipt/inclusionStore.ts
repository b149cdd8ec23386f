// The receipt stage's rows: which operation stands in which block, and how far the chain is taken in.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { type Address, type Hash, zeroAddress } from 'viem'
import type { Commits, Database, PreparedChange } from '../database.ts'
import type { Inclusion } from './inclusion.ts'
import type { InclusionTable } from './migration.ts'

export type InclusionStore = {
  /** Of one operation, newest block first. */
  find(operationHash: Hash): Promise<readonly Inclusion[]>
  /** In blocks above `number`. */
  above(number: bigint): Promise<readonly Inclusion[]>
  /** Blocks with landings below `number`, from the highest on. */
  blocksBelow(number: bigint, count: number): Promise<readonly BlockReference[]>
  loadCursor(): Promise<BlockReference | undefined>
  /** All of it in one transaction, with what it means to other stages. */
  apply(
    change: {
      removed: readonly Inclusion[]
      added: readonly Inclusion[]
      cursor?: BlockReference
    },
    others?: readonly PreparedChange[],
  ): Promise<void>
}

const chunkLength = 100

export function createInclusionStore(options: { database: Database; commits: Commits }): InclusionStore {
  const { database, commits } = options
  return {
    async find(operationHash) {
      const rows = await database
        .selectFrom('inclusion')
        .selectAll()
        .where('operation_hash', '=', operationHash)
        .orderBy('block_number', 'desc')
        .execute()
      return rows.map(readRow)
    },
    async above(number) {
      const rows = await database
        .selectFrom('inclusion')
        .selectAll()
        .where('block_number', '>', Number(number))
        .execute()
      return rows.map(readRow)
    },
    async blocksBelow(number, count) {
      const rows = await database
        .selectFrom('inclusion')
        .select(['block_number', 'block_hash'])
        .distinct()
        .where('block_number', '<', Number(number))
        .orderBy('block_number', 'desc')
        .limit(count)
        .execute()
      return rows.map(row => ({ number: BigInt(row.block_number), hash: row.block_hash as Hash }))
    },
    async loadCursor() {
      const row = await database.selectFrom('receipt_cursor').selectAll().executeTakeFirst()
      return row && { number: BigInt(row.block_number), hash: row.block_hash as Hash }
    },
    async apply({ removed, added, cursor }, others = []) {
      await commits.commit(async transaction => {
        for (const other of others) await other.write(transaction)
        for (const { operationHash, blockHash } of removed) {
          await transaction
            .deleteFrom('inclusion')
            .where('operation_hash', '=', operationHash)
            .where('block_hash', '=', blockHash)
            .execute()
        }
        for (let start = 0; start < added.length; start += chunkLength) {
          await transaction
            .insertInto('inclusion')
            .values(added.slice(start, start + chunkLength).map(writeRow))
            .onConflict(conflict => conflict.columns(['operation_hash', 'block_hash']).doNothing())
            .execute()
        }
        if (cursor === undefined) return
        const row = { block_number: Number(cursor.number), block_hash: cursor.hash }
        await transaction
          .insertInto('receipt_cursor')
          .values({ id: 1, ...row })
          .onConflict(conflict => conflict.column('id').doUpdateSet(row))
          .execute()
      })
    },
  }
}

function writeRow(inclusion: Inclusion): InclusionTable {
  return {
    operation_hash: inclusion.operationHash,
    block_hash: inclusion.blockHash,
    block_number: Number(inclusion.blockNumber),
    transaction_hash: inclusion.transactionHash,
    sender: inclusion.sender,
    paymaster: inclusion.paymaster ?? zeroAddress,
    nonce: inclusion.nonce.toString(),
    success: inclusion.success ? 1 : 0,
    actual_gas_cost_wei: inclusion.actualGasCostWei.toString(),
    actual_gas_used: inclusion.actualGasUsed.toString(),
  }
}

function readRow(row: InclusionTable): Inclusion {
  return {
    operationHash: row.operation_hash as Hash,
    blockHash: row.block_hash as Hash,
    blockNumber: BigInt(row.block_number),
    transactionHash: row.transaction_hash as Hash,
    sender: row.sender as Address,
    paymaster: row.paymaster === zeroAddress ? undefined : (row.paymaster as Address),
    nonce: BigInt(row.nonce),
    success: row.success === 1,
    actualGasCostWei: BigInt(row.actual_gas_cost_wei),
    actualGasUsed: BigInt(row.actual_gas_used),
  }
}
