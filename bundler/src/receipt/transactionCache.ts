// Transactions and their receipts as the node gives them. Every operation of a bundle is asked for on
// its own, so one answer serves them all.
import type { Hash, PublicClient, RpcTransaction, RpcTransactionReceipt } from 'viem'

export type TransactionCache = {
  /** Null when the node has none in that block: the chain is being reorganised. */
  receipt(transactionHash: Hash, blockHash: Hash): Promise<RpcTransactionReceipt | null>
  transaction(transactionHash: Hash): Promise<RpcTransaction | null>
}

const remembered = 512

export function createTransactionCache(client: PublicClient): TransactionCache {
  const receipts = new Map<Hash, Promise<RpcTransactionReceipt | null>>()

  async function askReceipt(transactionHash: Hash): Promise<RpcTransactionReceipt | null> {
    return await client.request({ method: 'eth_getTransactionReceipt', params: [transactionHash] })
  }

  return {
    async receipt(transactionHash, blockHash) {
      const cached = await receipts.get(transactionHash)?.catch(() => null)
      if (cached?.blockHash === blockHash) return cached
      const asked = askReceipt(transactionHash)
      receipts.set(transactionHash, asked)
      const [oldest] = receipts.keys()
      if (receipts.size > remembered && oldest !== undefined) receipts.delete(oldest)
      const receipt = await asked
      return receipt?.blockHash === blockHash ? receipt : null
    },
    async transaction(transactionHash) {
      return await client.request({ method: 'eth_getTransactionByHash', params: [transactionHash] })
    },
  }
}
