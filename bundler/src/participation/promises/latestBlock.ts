// Until which block can this node promise to land an operation? Counted in blocks: how long one takes is chance, how much
// of ours it holds is not.
import type { Schedule } from '../schedule/schedule.ts'

export type Prospect = {
  readonly schedule: Pick<Schedule, 'leaderAt' | 'windowOf'>
  readonly bundlerId: number
  /** The operation can land in the next block at the earliest. */
  readonly head: bigint
  /** Blocks after the window's end: for bundles that miss a block, and for the leaders who stand in afterwards. */
  readonly marginBlocks: number
  /** Blocks that what is promised and waits fills, this operation included; one bundle each. */
  readonly neededBlocks: number
}

/**
 * The last block of the earliest of the two windows (of the next block, and the one after) that this node leads and
 * that has room for all that is promised before, and the margin on top. Undefined: it leads neither, or they are full.
 */
export function latestBlockOf(prospect: Prospect): bigint | undefined {
  const { schedule, bundlerId, head, marginBlocks, neededBlocks } = prospect
  let block = head + 1n
  let roomBlocks = 0n
  for (let windows = 0; windows < 2; windows++) {
    const { last } = schedule.windowOf(block)
    if (schedule.leaderAt(block, 0) === bundlerId) {
      roomBlocks += last - block + 1n
      if (roomBlocks >= neededBlocks) return last + BigInt(marginBlocks)
    }
    block = last + 1n
  }
  return undefined
}
