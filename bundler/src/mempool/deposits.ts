// What a paymaster has in the EntryPoint, asked of the node once a block and paymaster.

import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Address, PublicClient } from 'viem'

export type Deposits = {
  /** Wei. Throws when the node does not answer. */
  depositOf(paymaster: Address): Promise<bigint>
  /** The same at that very block: a node that lags must not make anyone look drained. */
  depositAt(paymaster: Address, block: BlockReference): Promise<bigint>
  onChainUpdate(update: ChainUpdate): void
}

export function createDeposits(options: { client: PublicClient; entryPoint: Address }): Deposits {
  const { client, entryPoint } = options
  const known = new Map<string, Promise<bigint>>()

  function ask(paymaster: Address, block?: BlockReference): Promise<bigint> {
    const key = `${paymaster}@${block?.hash ?? 'latest'}`
    const cached = known.get(key)
    if (cached !== undefined) return cached
    const asked = client.readContract({
      address: entryPoint,
      abi: entryPoint07Abi,
      functionName: 'balanceOf',
      args: [paymaster],
      ...(block && { blockHash: block.hash }),
    })
    known.set(key, asked)
    // A failed question must not be the answer for the rest of the block.
    asked.catch(() => {
      if (known.get(key) === asked) known.delete(key)
    })
    return asked
  }

  return {
    depositOf: paymaster => ask(paymaster),
    depositAt: ask,
    onChainUpdate() {
      known.clear()
    },
  }
}
