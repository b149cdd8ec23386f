// What a paymaster has in the EntryPoint, asked of the node once a block and paymaster.

import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Address, PublicClient } from 'viem'

export type Deposits = {
  /** Wei. Throws when the node does not answer. */
  depositOf(paymaster: Address): Promise<bigint>
  onChainUpdate(update: ChainUpdate): void
}

export function createDeposits(options: { client: PublicClient; entryPoint: Address }): Deposits {
  const { client, entryPoint } = options
  const known = new Map<Address, Promise<bigint>>()

  return {
    depositOf(paymaster) {
      const cached = known.get(paymaster)
      if (cached !== undefined) return cached
      const asked = client.readContract({
        address: entryPoint,
        abi: entryPoint07Abi,
        functionName: 'balanceOf',
        args: [paymaster],
      })
      known.set(paymaster, asked)
      // A failed question must not be the answer for the rest of the block.
      asked.catch(() => {
        if (known.get(paymaster) === asked) known.delete(paymaster)
      })
      return asked
    },
    onChainUpdate() {
      known.clear()
    },
  }
}
