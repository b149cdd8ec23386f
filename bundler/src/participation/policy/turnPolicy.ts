// May this node carry this operation in the next block? Pure, and the same in the node and in the simulator. The leader
// carries everything, whoever stands in only what its leader has left lying; nobody what another may still land.
import type { Schedule } from '../schedule/schedule.ts'

/** A bundle that another has signed for, in a window that it led or stood in. */
export type Commitment = { readonly bundlerId: number; readonly window: bigint }

export type TurnQuestion = {
  readonly schedule: Schedule
  /** 0: not registered. */
  readonly bundlerId: number
  readonly nextBlock: bigint
  /** Head when this node learned of the operation. */
  readonly knownSinceBlock: bigint
  readonly committedBy: Commitment | undefined
}

export function mayCarry(question: TurnQuestion): boolean {
  const { schedule, bundlerId, nextBlock, committedBy } = question
  const standing = schedule.standingOf(bundlerId, nextBlock)
  // Grace is for what is in flight already.
  if (standing === 'none' || standing === 'grace') return false
  if (committedBy !== undefined && committedBy.bundlerId !== bundlerId) {
    if (nextBlock <= lastBlockOf(schedule, committedBy.window)) return false
  }
  // Blocks that have come since, and in which those before could have landed it.
  const waitedBlocks = nextBlock - 1n - question.knownSinceBlock
  if (standing === 'open') {
    // Everybody may, and if everybody did nearly all gas would go for nothing.
    const customary = schedule.customaryAt(nextBlock)
    const isOwn = customary === 0 || customary === bundlerId
    return isOwn || waitedBlocks >= BigInt(schedule.terms.windowBlocks)
  }
  const rank = schedule.rankOf(bundlerId, nextBlock) ?? 0
  return rank === 0 || waitedBlocks >= BigInt(schedule.terms.fallbackBlocks * rank)
}

/** The last block in which a bundle that was signed in this window may land. */
export function lastBlockOf({ terms }: Pick<Schedule, 'terms'>, window: bigint): bigint {
  return (window + 1n) * BigInt(terms.windowBlocks) + BigInt(terms.graceBlocks) - 1n
}

/**
 * The last block in which a bundle of this node that is signed for `nextBlock` may land: while it is in turn without a
 * break, and at most until its window's grace is over. Undefined where everybody is in turn for longer than that (open).
 */
export function lastBlockInTurn(
  schedule: Schedule,
  bundlerId: number,
  nextBlock: bigint,
): bigint | undefined {
  const latest = lastBlockOf(schedule, schedule.windowOf(nextBlock).index)
  let last = nextBlock
  let isOpen = schedule.standingOf(bundlerId, nextBlock) === 'open'
  while (last < latest) {
    const standing = schedule.standingOf(bundlerId, last + 1n)
    if (standing === 'none') break
    isOpen &&= standing === 'open'
    last++
  }
  return isOpen && last === latest ? undefined : last
}
