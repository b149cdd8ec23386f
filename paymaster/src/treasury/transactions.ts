// Sends the treasury's few transactions, one at a time. Block times are random, so patience is counted
// in blocks: one that is not mined is sent again, under the same nonce, with a higher fee.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@worldland-aa/service/logger'
import {
  type Address,
  type Hash,
  type Hex,
  keccak256,
  type PrivateKeyAccount,
  type PublicClient,
  TransactionReceiptNotFoundError,
} from 'viem'

export type Transaction = { readonly to: Address; readonly data: Hex; readonly valueWei: bigint }

export type TransactionSender = {
  readonly address: Address
  /**
   * Resolves when it is mined; throws when it reverts, is not mined in the end, or `signal` ends the waiting. Another one
   * waits until then: each takes the next nonce.
   */
  send(transaction: Transaction, how?: Sending): Promise<Hash>
}

export type Sending = {
  readonly signal?: AbortSignal
  /** Before it is broadcast, and again with each higher fee; what it throws keeps it from being sent. */
  readonly onSigned?: (signed: { readonly hash: Hash; readonly nonce: number }) => Promise<void>
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

  async function broadcast(options: {
    readonly transaction: Transaction
    readonly nonce: number
    readonly gas: bigint
    readonly fees: Fees
    readonly how: Sending
  }): Promise<Hash> {
    const { transaction, nonce, gas, fees, how } = options
    const { to, data, valueWei: value } = transaction
    const request = { chainId, nonce, to, data, value, gas, ...fees, type: 'eip1559' } as const
    const serializedTransaction = await account.signTransaction(request)
    await how.onSigned?.({ hash: keccak256(serializedTransaction), nonce })
    return await client.sendRawTransaction({ serializedTransaction })
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

  async function sendNow(transaction: Transaction, how: Sending): Promise<Hash> {
    const { to, data, valueWei: value } = transaction
    // Estimated on the pending state; the spare sixth covers what other transactions change meanwhile.
    const gas = ((await client.estimateGas({ account: account.address, to, data, value })) * 7n) / 6n
    const nonce = await client.getTransactionCount({ address: account.address })
    let fees = await firstFees()
    // Before it is out: blocks that come while it is being sent pass it by as well.
    let sentAt = await client.getBlockNumber({ cacheTime: 0 })
    const hashes = [await broadcast({ transaction, nonce, gas, fees, how })]
    for (let attempt = 1; ; attempt++) {
      while ((await client.getBlockNumber({ cacheTime: 0 })) <= sentAt + patienceBlocks) {
        const receipt = await findReceipt(hashes)
        if (receipt?.status === 'success') return receipt.transactionHash
        if (receipt !== undefined)
          throw new Error(`The transaction ${receipt.transactionHash} to ${to} reverted`)
        await sleep(pollMilliseconds, undefined, how.signal && { signal: how.signal })
      }
      if (attempt === attempts) break
      fees = {
        maxFeePerGas: (fees.maxFeePerGas * 5n) / 4n,
        maxPriorityFeePerGas: (fees.maxPriorityFeePerGas * 5n) / 4n,
      }
      logger.warn({ hashes, nonce, attempt }, 'a transaction is not mined yet: sending it with a higher fee')
      sentAt = await client.getBlockNumber({ cacheTime: 0 })
      hashes.push(await broadcast({ transaction, nonce, gas, fees, how }))
    }
    throw new Error(`No block took the transaction ${hashes.join(', ')} to ${to}`)
  }

  let last: Promise<unknown> = Promise.resolve()
  return {
    address: account.address,
    send(transaction, how = {}) {
      const sent = last.then(() => {
        how.signal?.throwIfAborted()
        return sendNow(transaction, how)
      })
      last = sent.catch(() => undefined)
      return sent
    },
  }
}
