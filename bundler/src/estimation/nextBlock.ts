// The block that an operation will at the earliest run in. On the head's own number and time, code that writes down how
// much of either has passed since its last write would write nothing new, and seem to need less gas than it does.
import type { Block } from '@worldland-aa/service/chain/block'

export type BlockTime = Pick<Block, 'number' | 'timestamp'>

/** How much later than its parent the block will be does not matter; that it is later does. */
export function nextBlock({ number, timestamp }: BlockTime): BlockTime {
  return { number: number + 1n, timestamp: timestamp + 1n }
}
