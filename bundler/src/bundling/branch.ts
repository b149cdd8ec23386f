// The blocks the stages stand on, as far as they were told. What was found out at any other block, or while the chain
// changes its branch, ends no operation and is held against nobody: it is found out anew.
import type { Block, BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Hash } from 'viem'

export type Branch = {
  take(update: ChainUpdate): void
  head(): Block
  /** Whether it is a block of this branch; false also where it is older than what is remembered. */
  includes(hash: Hash): boolean
  /** Whether a verdict at this block counts: it is the head, and the head's parent was the head before. */
  judges(block: BlockReference): boolean
}

const rememberedBlocks = 256

/** `start` is the head until the first update. */
export function createBranch(start: () => Block): Branch {
  /** Oldest first. */
  let hashes: readonly Hash[] = []
  let newest: Block | undefined
  /** The head to which a reorg led: a node behind the same address may still be on the other branch. */
  let landing: Hash | undefined

  const head = (): Block => newest ?? start()

  return {
    take({ removed, added, head, isBeyondMemory }) {
      const before = isBeyondMemory === true ? [] : hashes.length === 0 ? [start().hash] : hashes
      const gone = new Set(removed.map(({ hash }) => hash))
      hashes = [...before, ...added.map(({ hash }) => hash)]
        .filter(hash => !gone.has(hash))
        .slice(-rememberedBlocks)
      newest = head
      landing = removed.length > 0 ? head.hash : undefined
    },
    head,
    includes: hash => hash === head().hash || hashes.includes(hash),
    judges: ({ hash }) => hash === head().hash && hash !== landing,
  }
}
