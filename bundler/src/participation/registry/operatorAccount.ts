// The operator's account on the chain: for what a node does beside bundles. No executor's, whose nonces are dealt out by
// submission; its own are those that the node tells, one transaction at a time.
import { type Address, BaseError, type Hash, type Hex, type PrivateKeyAccount, type PublicClient } from 'viem'
import { greater } from '../../extremes.ts'
import { bumped } from '../../mempool/replacement.ts'
import type { FeePair } from '../../submission/fees.ts'
import { signTransaction } from '../../submission/signTransaction.ts'

export type OperatorCall = { readonly to: Address; readonly data: Hex; readonly valueWei?: bigint }

export type OperatorAccount = {
  readonly address: Address
  /** Resolves once the node has taken it. Throws where the call would revert, or the node does not take it. */
  send(call: OperatorCall): Promise<Hash>
}

export function createOperatorAccount(options: {
  readonly client: PublicClient
  readonly chainId: number
  readonly account: PrivateKeyAccount
  /** What a transaction that should land soon offers. */
  readonly fees: () => FeePair
  /** Percent by which a replacement must be dearer in both fees. */
  readonly replacementBumpPercent: number
}): OperatorAccount {
  const { client, chainId, account } = options
  let last: Promise<unknown> = Promise.resolve()
  /** What was sent with the newest nonce, to be made dearer while no block takes it. */
  let newest: { readonly nonce: number; readonly call: OperatorCall; readonly fees: FeePair } | undefined

  async function sendNow(call: OperatorCall): Promise<Hash> {
    const { address } = account
    const { to, data, valueWei: value = 0n } = call
    const [mined, pending, gas] = await Promise.all([
      client.getTransactionCount({ address, blockTag: 'latest' }),
      client.getTransactionCount({ address, blockTag: 'pending' }),
      // A call that names no price sees a base fee of 0 at geth: the court would not take its word for a high one.
      client.estimateGas({ account: address, to, data, value, ...options.fees() }),
    ])
    // The same once more: in the place of the one that waits.
    const before = newest
    const isAgain =
      before !== undefined && before.nonce >= mined && before.call.to === to && before.call.data === data
    const nonce = isAgain ? before.nonce : Math.max(mined, pending)
    const fees = isAgain ? dearer(options.fees(), before.fees) : options.fees()
    const { signed, hash } = await signTransaction(account, {
      type: 'eip1559',
      chainId,
      nonce,
      to,
      data,
      value,
      gas: (gas * 5n) / 4n,
      ...fees,
    })
    newest = { nonce, call, fees }
    try {
      await client.sendRawTransaction({ serializedTransaction: signed })
    } catch (error) {
      if (!(error instanceof BaseError && /already (known|imported)/i.test(error.details))) throw error
    }
    return hash
  }

  function dearer(now: FeePair, before: FeePair): FeePair {
    const raised = (wei: bigint): bigint => bumped(wei, options.replacementBumpPercent)
    return {
      maxFeePerGas: greater(now.maxFeePerGas, raised(before.maxFeePerGas)),
      maxPriorityFeePerGas: greater(now.maxPriorityFeePerGas, raised(before.maxPriorityFeePerGas)),
    }
  }

  return {
    address: account.address,
    send(call) {
      const result = last.then(() => sendNow(call))
      last = result.catch(() => undefined)
      return result
    },
  }
}
