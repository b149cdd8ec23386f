// Operations as they stand in the transactions that landed them. A transaction's calldata never changes, so it is
// looked through once, whatever is asked about it afterwards.
import type { Address, Hash } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { bundledOperations } from './bundledOperations.ts'
import type { TransactionCache } from './transactionCache.ts'

export type LandedOperations = {
  /** The operation with exactly this hash; undefined where the calldata holds none that can be read. */
  find(operationHash: Hash, transactionHash: Hash): Promise<UserOperation | undefined>
}

type Read = ReadonlyMap<Hash, UserOperation>

/** Transactions; a node takes none of more than 128 KiB from others. */
const remembered = 32

export function createLandedOperations(options: {
  readonly transactions: Pick<TransactionCache, 'transaction'>
  readonly version: EntryPointVersion
  readonly chainId: number
  readonly entryPoint: Address
}): LandedOperations {
  const { transactions, version } = options
  const read = new Map<Hash, Promise<Read | undefined>>()

  async function look(transactionHash: Hash): Promise<Read | undefined> {
    const transaction = await transactions.transaction(transactionHash)
    return transaction === null
      ? undefined
      : bundledOperations(transaction.input, version, options).operations
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
