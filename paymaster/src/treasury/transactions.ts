// Sends the treasury's few transactions, one at a time. Block times are random, so patience is counted
// in blocks: one that is not mined is sent again, under the same nonce, with a higher fee.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@worldland-aa/service/logger'
import {
  type Address,
  type Hash,
  type Hex,
  type PrivateKeyAccount,
  type PublicClient,
  TransactionReceiptNotFoundError,
} from 'viem'

export type Transaction = { readonly to: Address; readonly data: Hex; readonly valueWei: bigint }

export type TransactionSender = {
  readonly address: Address
  /** Resolves when it is mined; throws when it reverts, is not mined in the end, or `signal` ends the waiting. */
  send(transaction: Transaction, signal?: AbortSignal): Promise<Hash>
}

type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

/** Miners on WorldLand take no less. */
const minimumTipWei = 1_000_000_000n
const patienceBlocks = 6n
const attempts = 5

export function createTransactionSender(options: {
  readonly client: PublicClient
  readonly chainId: number
  readonly account: PrivateKeyAccount
  readonly pollMilliseconds: number
  readonly logger: Logger
}): TransactionSender {
  const { client, chainId, account, pollMilliseconds, logger } = options

  async function firstFees(): Promise<Fees> {
    const estimated = await client.estimateFeesPerGas()
    const maxPriorityFeePerGas =
      estimated.maxPriorityFeePerGas > minimumTipWei ? estimated.maxPriorityFeePerGas : minimumTipWei
    const raise = maxPriorityFeePerGas - estimated.maxPriorityFeePerGas
    return { maxFeePerGas: estimated.maxFeePerGas + raise, maxPriorityFeePerGas }
  }

  async function broadcast(transaction: Transaction, nonce: number, gas: bigint, fees: Fees): Promise<Hash> {
    const { to, data, valueWei: value } = transaction
    const request = { chainId, nonce, to, data, value, gas, ...fees, type: 'eip1559' } as const
    return await client.sendRawTransaction({
      serializedTransaction: await account.signTransaction(request),
    })
  }

  async function findReceipt(hashes: readonly Hash[]) {
    for (const hash of hashes) {
      try {
        return await client.getTransactionReceipt({ hash })
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) throw error
      }
    }
    return undefined
  }

  return {
    address: account.address,
    async send(transaction, signal) {
      const { to, data, valueWei: value } = transaction
      // Estimated on the pending state; the spare sixth covers what other transactions change meanwhile.
      const gas = ((await client.estimateGas({ account: account.address, to, data, value })) * 7n) / 6n
      const nonce = await client.getTransactionCount({ address: account.address })
      let fees = await firstFees()
      const hashes = [await broadcast(transaction, nonce, gas, fees)]
      for (let attempt = 1; ; attempt++) {
        const sentAt = await client.getBlockNumber({ cacheTime: 0 })
        while ((await client.getBlockNumber({ cacheTime: 0 })) <= sentAt + patienceBlocks) {
          const receipt = await findReceipt(hashes)
          if (receipt?.status === 'success') return receipt.transactionHash
          if (receipt !== undefined)
            throw new Error(`The transaction ${receipt.transactionHash} to ${to} reverted`)
          await sleep(pollMilliseconds, undefined, { signal })
        }
        if (attempt === attempts) break
        fees = {
          maxFeePerGas: (fees.maxFeePerGas * 5n) / 4n,
          maxPriorityFeePerGas: (fees.maxPriorityFeePerGas * 5n) / 4n,
        }
        logger.warn(
          { hashes, nonce, attempt },
          'a transaction is not mined yet: sending it with a higher fee',
        )
        hashes.push(await broadcast(transaction, nonce, gas, fees))
      }
      throw new Error(`No block took the transaction ${hashes.join(', ')} to ${to}`)
    },
  }
}
