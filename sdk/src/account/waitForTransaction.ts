// Waits until an ordinary transaction is mined, and makes sure that it did what it was sent for.
import {
  BaseError,
  type Client,
  type Hash,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem'
import { getTransactionReceipt } from 'viem/actions'
import { pollByBlocks } from './pollByBlocks.ts'

export class TransactionRevertedError extends BaseError {
  constructor({ transactionHash, blockNumber }: TransactionReceipt) {
    super(`Transaction ${transactionHash} reverted in block ${blockNumber}.`, {
      name: 'TransactionRevertedError',
    })
  }
}

/** Throws `TransactionRevertedError`, or `BlocksElapsedError` after `timeoutBlocks` (50) blocks. */
export async function waitForTransaction(
  chainClient: Client,
  options: { readonly hash: Hash; readonly timeoutBlocks?: bigint | undefined },
): Promise<TransactionReceipt> {
  const { hash, timeoutBlocks = 50n } = options
  const receipt = await pollByBlocks(chainClient, {
    what: `Mining of transaction ${hash}`,
    timeoutBlocks,
    look: () => receiptOf(chainClient, hash),
  })
  if (receipt.status === 'reverted') throw new TransactionRevertedError(receipt)
  return receipt
}

async function receiptOf(client: Client, hash: Hash): Promise<TransactionReceipt | undefined> {
  try {
    return await getTransactionReceipt(client, { hash })
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return undefined
    throw error
  }
}
