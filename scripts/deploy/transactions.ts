// Sends a deployment's transactions one after the other without waiting between them, and then waits by
// counting blocks: on a proof-of-work chain a clock says nothing about when the next block comes.
import type { Address, Hash, Hex, TransactionReceipt } from 'viem'
import type { DeploymentClient } from './deploymentClient.ts'

export type OutgoingTransaction = {
  readonly to: Address
  readonly data: Hex
  /** Native coin, in wei. */
  readonly value?: bigint
}

/** WorldLand's miners take no transaction that tips less. */
const minimumTipWei = 1_000_000_000n
const patienceBlocks = 50n

/** Sends all, waits for all; throws when one reverts or is not mined within 50 blocks. */
export async function sendTransactions(
  client: DeploymentClient,
  transactions: readonly OutgoingTransaction[],
): Promise<readonly TransactionReceipt[]> {
  const from = client.account.address
  const firstNonce = await client.getTransactionCount({ address: from, blockTag: 'pending' })
  const fees = await client.estimateFeesPerGas()
  const tip = fees.maxPriorityFeePerGas > minimumTipWei ? fees.maxPriorityFeePerGas : minimumTipWei
  const maxFeePerGas = fees.maxFeePerGas - fees.maxPriorityFeePerGas + tip
  const hashes: Hash[] = []
  for (const [index, { to, data, value = 0n }] of transactions.entries()) {
    const gas = await client.estimateGas({ to, data, value })
    hashes.push(
      await client.sendTransaction({
        to,
        data,
        value,
        // A margin for state that earlier transactions of the same batch change.
        gas: (gas * 11n) / 10n,
        nonce: firstNonce + index,
        maxFeePerGas,
        maxPriorityFeePerGas: tip,
      }),
    )
  }
  return await Promise.all(hashes.map(hash => waitForReceipt(client, hash)))
}

export async function waitForReceipt(client: DeploymentClient, hash: Hash): Promise<TransactionReceipt> {
  const start = await client.getBlockNumber({ cacheTime: 0 })
  for (;;) {
    const receipt = await receiptOf(client, hash)
    if (receipt?.status === 'success') return receipt
    if (receipt !== undefined) throw new Error(`Transaction ${hash} reverted in block ${receipt.blockNumber}`)
    const head = await client.getBlockNumber({ cacheTime: 0 })
    if (head - start > patienceBlocks) {
      throw new Error(
        `Transaction ${hash} was not mined within ${patienceBlocks} blocks: run the command again, it takes up where it stopped`,
      )
    }
    await new Promise(resolve => setTimeout(resolve, client.pollingInterval))
  }
}

async function receiptOf(client: DeploymentClient, hash: Hash): Promise<TransactionReceipt | undefined> {
  // Not through getTransactionReceipt: "not there yet" is no error here.
  try {
    return await client.getTransactionReceipt({ hash })
  } catch (error) {
    if (error instanceof Error && error.name === 'TransactionReceiptNotFoundError') return undefined
    throw error
  }
}
