// Since which block an operation is known here. The block that it was verified at may be older: who stands in for the
// leader must count from when the leader can have known of it.
import type { Hash } from 'viem'
import { greater } from '../extremes.ts'
import type { Mempool, PooledOperation } from '../mempool/mempool.ts'

export type Arrivals = {
  /** In while `head` was the newest block. */
  came(operation: Hash, head: bigint): void
  knownSince(operation: PooledOperation): bigint
  /** Forgets those that have left. */
  tidy(): void
}

export function createArrivals(mempool: Pick<Mempool, 'get'>): Arrivals {
  const blocks = new Map<Hash, bigint>()
  return {
    came: (operation, head) => blocks.set(operation, head),
    // Of those that were there before a restart the disk tells.
    knownSince: ({ validated, addedAtBlock }) =>
      greater(addedAtBlock, blocks.get(validated.userOperationHash) ?? 0n),
    tidy() {
      for (const operation of blocks.keys())
        if (mempool.get(operation) === undefined) blocks.delete(operation)
    },
  }
}
