// Sends a deployment's transactions one after the other without waiting between them, then waits for all.
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
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

/** Throws when one reverts, or is not mined within 50 blocks. The receipts are in the order of the transactions. */
export async function sendTransactions(
  client: DeploymentClient,
  transactions: readonly OutgoingTransaction[],
): Promise<readonly TransactionReceipt[]> {
  const from = client.account.address
  const firstNonce = await client.getTransactionCount({ address: from, blockTag: 'pending' })
  const fees = await client.estimateFeesPerGas()
  const tip = fees.maxPriorityFeePerGas > minimumTipWei ? fees.maxPriorityFeePerGas : minimumTipWei
  const maxFeePerGas = fees.maxFeePerGas - fees.maxPriorityFeePerGas + tip
  const gasEstimates = await Promise.all(
    transactions.map(({ to, data, value = 0n }) => client.estimateGas({ to, data, value })),
  )
  const hashes: Hash[] = []
  for (const [index, { to, data, value = 0n }] of transactions.entries()) {
    hashes.push(
      await client.sendTransaction({
        to,
        data,
        value,
        // A margin for state that the transactions before it change.
        gas: ((gasEstimates[index] ?? 0n) * 12n) / 10n,
        nonce: firstNonce + index,
        maxFeePerGas,
        maxPriorityFeePerGas: tip,
      }),
    )
  }
  return await Promise.all(hashes.map(hash => waitForTransaction(client, { hash })))
}
