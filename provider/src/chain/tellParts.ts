// Tells the parts of the daemon of what came to the chain, one after the other. One that fails or takes its time silences
// none of the others; the follower hears that it failed, and all are told again at its next poll. One that fails on and on
// holds nobody up either: the follower takes no more than so many blocks at once, and would stand still behind it.

import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { ChainListener } from '@worldland-aa/service/chain/chainFollower'

export type PartsToTell = {
  /** Told first, in one go: what they do goes on by itself, and waits for nothing here. */
  readonly atOnce: readonly ((update: ChainUpdate) => void)[]
  /**
   * Each waits until the one before has taken the update in, or has failed to. It looks at the head and at what a reorg took
   * back; which blocks were added, it may not hear in full.
   */
  readonly inTurn: readonly ChainListener[]
}

/** Blocks behind which a part that fails may hold the follower: half of what it takes at once. */
const mostHeldBlocks = 32

export function tellParts({ atOnce, inTurn }: PartsToTell): ChainListener {
  /** What was taken back in updates that a part did not take in, and that are told to nobody again. */
  const missed = new Map<ChainListener, readonly Block[]>()

  async function tell(part: ChainListener, update: ChainUpdate): Promise<void> {
    const earlier = missed.get(part)
    await part(earlier === undefined ? update : { ...update, removed: [...update.removed, ...earlier] })
    missed.delete(part)
  }

  return async update => {
    const errors: unknown[] = []
    const failed: ChainListener[] = []
    for (const part of atOnce) {
      try {
        part(update)
      } catch (error) {
        errors.push(error)
      }
    }
    for (const part of inTurn) {
      try {
        await tell(part, update)
      } catch (error) {
        errors.push(error)
        failed.push(part)
      }
    }
    if (errors.length === 0) return
    if (update.added.length < mostHeldBlocks) throw errors[0]
    for (const part of failed) missed.set(part, [...update.removed, ...(missed.get(part) ?? [])])
  }
}
