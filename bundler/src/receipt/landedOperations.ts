// Operations as they stand in the transactions that landed them. A transaction's calldata never changes, so it is
// looked through once, whatever is asked about it afterwards.
import type { Hash } from 'viem'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { CalldataReader, FoundOperations } from './calldataReader.ts'
import type { TransactionCache } from './transactionCache.ts'

export type LandedOperations = {
  /** The operation with exactly this hash; undefined where the calldata holds none that can be read. */
  find(operationHash: Hash, transactionHash: Hash): Promise<UserOperation | undefined>
}

/** Transactions; a node takes none of more than 128 KiB from others. */
const remembered = 32

export function createLandedOperations(options: {
  readonly transactions: Pick<TransactionCache, 'transaction'>
  readonly calldata: Pick<CalldataReader, 'operationsIn'>
}): LandedOperations {
  const { transactions, calldata } = options
  const read = new Map<Hash, Promise<FoundOperations | undefined>>()

  async function look(transactionHash: Hash): Promise<FoundOperations | undefined> {
    const transaction = await transactions.transaction(transactionHash)
    return transaction === null ? undefined : await calldata.operationsIn(transaction.input)
  }

  return {
    async find(operationHash, transactionHash) {
      const known = read.get(transactionHash)
      const reading = known ?? look(transactionHash)
      // The last one asked for is forgotten last.
      read.delete(transactionHash)
      read.set(transactionHash, reading)
      const [oldest] = read.keys()
      if (read.size > remembered && oldest !== undefined) read.delete(oldest)
      try {
        const operations = await reading
        if (operations === undefined) read.delete(transactionHash)
        return operations?.get(operationHash)
      } catch (error) {
        read.delete(transactionHash)
        throw error
      }
    },
  }
}
