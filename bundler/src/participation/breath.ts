// Who takes over draws breath first: what the one before has sent a moment ago is told from node to node, and a block is
// not seen by all at once. Whoever stands in waits longer, for the leader sees the same block and is about to send.
import type { Schedule } from './schedule/schedule.ts'

export type Breath = {
  /** A block has come after which `nextBlock` is the next. */
  see(bundlerId: number, nextBlock: bigint): void
  /** Whether this node may act on its turn already. */
  isDrawn(): boolean
  /** Nobody is woken any more. */
  forget(): void
}

/** A word takes about a quarter of a second through the network; blocks are ten seconds apart, mostly. */
const handoverMilliseconds = 500
const standInMilliseconds = 1_000

export function createBreath(options: { readonly schedule: Schedule; readonly onDrawn: () => void }): Breath {
  const { schedule, onDrawn } = options
  let turn = ''
  let drawnAt = 0
  let timer: NodeJS.Timeout | undefined

  function pauseOf(bundlerId: number, nextBlock: bigint, rank: number | undefined): number {
    // In an open window nobody is waited for.
    if (rank === undefined || schedule.leaderAt(nextBlock, 0) === 0) return 0
    if (rank > 0) return standInMilliseconds
    const { first } = schedule.windowOf(nextBlock)
    const before = first > 0n ? schedule.leaderAt(first - 1n, 0) : 0
    return before === 0 || before === bundlerId ? 0 : handoverMilliseconds
  }

  return {
    see(bundlerId, nextBlock) {
      const rank = schedule.rankOf(bundlerId, nextBlock)
      const now = `${schedule.windowOf(nextBlock).index} ${rank}`
      // Once a turn, not with each of its blocks.
      if (now === turn) return
      turn = now
      clearTimeout(timer)
      const pause = pauseOf(bundlerId, nextBlock, rank)
      drawnAt = performance.now() + pause
      if (pause > 0) timer = setTimeout(onDrawn, pause)
    },
    isDrawn: () => performance.now() >= drawnAt,
    forget: () => clearTimeout(timer),
  }
}
