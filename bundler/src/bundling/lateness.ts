// A bundle that came too late for one of its operations cost its executor: once may be the chain's whim, who is in it
// again and again is to blame.
import type { Address } from 'viem'

export type Lateness = {
  /** An operation of this entity's end made the bundle in that block revert; true when that is no accident any more. */
  isHabit(entity: Address, block: bigint): boolean
}

/** Blocks with such a bundle that are put down to chance: of gaps between blocks, one in four hundred is so long. */
const accidents = 2
/** A day of ten-second blocks. */
const memoryBlocks = 8_640n
const mostEntities = 1_000

export function createLateness(): Lateness {
  /** The entity that was late last comes last. */
  const blocks = new Map<string, readonly bigint[]>()

  return {
    isHabit(entity, block) {
      const key = entity.toLowerCase()
      const before = (blocks.get(key) ?? []).filter(one => one !== block && one + memoryBlocks > block)
      blocks.delete(key)
      blocks.set(key, [...before, block].slice(-accidents - 1))
      for (const oldest of blocks.keys()) {
        if (blocks.size <= mostEntities) break
        blocks.delete(oldest)
      }
      return before.length >= accidents
    },
  }
}
