// A sender of plain transactions, for tests of what a provider sends: each purpose once until it is in a block.
import type { Sender } from '@worldland-aa/provider/chain/sender'
import { BaseError, type Hash, type PublicClient, TransactionReceiptNotFoundError } from 'viem'
import type { Chain } from '../../paymaster/src/testing/startChain.ts'

export function createWalletSender(client: PublicClient, wallet: Chain['wallet']): Sender {
  const sent = new Map<string, Hash>()
  return {
    address: wallet.account.address,
    async forsake(isForsaken) {
      for (const purpose of sent.keys()) if (isForsaken(purpose)) sent.delete(purpose)
    },
    async submit(purpose, calls, { leastGas } = {}) {
      const hash = sent.get(purpose)
      if (hash !== undefined) {
        const receipt = await client.getTransactionReceipt({ hash }).catch(error => {
          if (error instanceof TransactionReceiptNotFoundError) return undefined
          throw error
        })
        if (receipt === undefined) return { ok: true, value: { state: 'pending' } }
        sent.delete(purpose)
        if (receipt.status === 'success') {
          return { ok: true, value: { state: 'landed', blockNumber: receipt.blockNumber } }
        }
        return { ok: false, refusal: { code: 'reverted', message: `${hash} reverted` } }
      }
      try {
        for (const call of calls) {
          const estimate = await client.estimateGas({ ...call, account: wallet.account.address })
          // No more than was asked for, as in a user operation.
          const gas = leastGas ?? estimate
          sent.set(purpose, await wallet.sendTransaction({ ...call, gas }))
        }
        return { ok: true, value: { state: 'pending' } }
      } catch (error) {
        const message = error instanceof BaseError ? error.shortMessage : String(error)
        return { ok: false, refusal: { code: 'refused', message } }
      }
    },
  }
}
