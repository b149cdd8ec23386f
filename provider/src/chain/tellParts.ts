// Tells the parts of the daemon of what came to the chain, one after the other. One that fails or takes its time silences
// none of the others; the follower hears that it failed, and all are told again at its next poll. One that fails on and on
// holds nobody up either: the follower takes no more than so many blocks at once, and would stand still behind it.

import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { ChainListener } from '@worldland-aa/service/chain/chainFollower'
import { reasonOf } from '@worldland-aa/service/reasonOf'

export type PartToTell = { readonly name: string; readonly hear: ChainListener }

export type PartsToTell = {
  /** Told first, in one go: what they do goes on by itself, and waits for nothing here. */
  readonly atOnce: readonly ((update: ChainUpdate) => void)[]
  /**
   * Each waits until the one before has taken the update in, or has failed to. It looks at the head and at what a reorg took
   * back; which blocks were added, it may not hear in full.
   */
  readonly inTurn: readonly PartToTell[]
}

/** A part that has not taken in the last block, and so acts on an earlier one. */
export type PartBehind = {
  readonly name: string
  /** The first block that it did not take in. */
  readonly sinceBlock: bigint
  readonly blocks: number
  /** What it waits for: in the words of what failed. */
  readonly reason: string
  /** Longer than an outage that passes: the others go on without it. */
  readonly isLeftBehind: boolean
}

export type ToldParts = {
  readonly hear: ChainListener
  /** In their order; none as a rule. */
  behind(): readonly PartBehind[]
}

/** Blocks behind which a part that fails may hold the follower: half of what it takes at once. */
const mostHeldBlocks = 32

export function tellParts({ atOnce, inTurn }: PartsToTell): ToldParts {
  /** What was taken back in updates that a part did not take in, and that are told to nobody again. */
  const missed = new Map<PartToTell, readonly Block[]>()
  const failing = new Map<PartToTell, { readonly sinceBlock: bigint; readonly error: unknown }>()
  let head = 0n

  async function tell(part: PartToTell, update: ChainUpdate): Promise<void> {
    const earlier = missed.get(part)
    await part.hear(earlier === undefined ? update : { ...update, removed: [...update.removed, ...earlier] })
    missed.delete(part)
    failing.delete(part)
  }

  function failed(part: PartToTell, { added, head: { number } }: ChainUpdate, error: unknown): void {
    const first = added[0]?.number ?? number
    const known = failing.get(part)?.sinceBlock
    // A reorg may have taken the block back at which it began.
    const isEarlier = known === undefined || first < known
    failing.set(part, { sinceBlock: isEarlier ? first : known, error })
  }

  return {
    async hear(update) {
      head = update.head.number
      const errors: unknown[] = []
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
          failed(part, update, error)
        }
      }
      if (errors.length === 0) return
      if (update.added.length < mostHeldBlocks) throw errors[0]
      for (const part of failing.keys()) missed.set(part, [...update.removed, ...(missed.get(part) ?? [])])
    },
    behind() {
      return inTurn.flatMap(part => {
        const failure = failing.get(part)
        if (failure === undefined) return []
        const { sinceBlock, error } = failure
        const blocks = Number(head - sinceBlock) + 1
        const reason = reasonOf(error).replaceAll(/\s*\n\s*/g, ', ')
        return [{ name: part.name, sinceBlock, blocks, reason, isLeftBehind: blocks >= mostHeldBlocks }]
      })
    },
  }
}
