// Who leads at which block? Pure: the terms and tables of the registry in, standings out. Blocks are counted, never
// seconds: gaps between them are random. `BundlerRegistry.leader` and `isInTurn` say the same on the chain.

/** Block numbers, as the registry's constructor fixed them. */
export type ScheduleTerms = {
  /** A multiple of `windowBlocks`. */
  readonly epochBlocks: number
  readonly windowBlocks: number
  /** Each rank may stand in so many blocks after the one before it. */
  readonly fallbackBlocks: number
  /** For so long after its window a leader's transactions may still land. */
  readonly graceBlocks: number
}

/** Bundler ids by window of the epoch; 0 in windows that had begun when it was rolled, and are open. Empty: all are. */
export type LeaderTable = { readonly epoch: bigint; readonly leaders: readonly number[] }

export type Standing = 'leader' | 'fallback' | 'grace' | 'none' | 'open'

export type Window = { readonly index: bigint; readonly first: bigint; readonly last: bigint }

export type Schedule = {
  readonly terms: ScheduleTerms
  /** Bundler id of that rank: the leader of so many windows later. 0: nobody (open). */
  leaderAt(block: bigint, rank: number): number
  /** `bundlerId` 0: not registered. */
  standingOf(bundlerId: number, block: bigint): Standing
  /** The lowest rank in which it may act at this block, 0 for the leader; undefined where it may not. */
  rankOf(bundlerId: number, block: bigint): number | undefined
  windowOf(block: bigint): Window
  /**
   * Who goes first by custom where the registry lets everybody send because no table was stored in time: the leaders of
   * the epoch before, one after the other. 0: nobody led then either.
   */
  customaryAt(block: bigint): number
}

export function createSchedule(
  terms: ScheduleTerms,
  tableOf: (epoch: bigint) => LeaderTable | undefined,
): Schedule {
  const epochBlocks = BigInt(terms.epochBlocks)
  const windowBlocks = BigInt(terms.windowBlocks)

  function windowOf(block: bigint): Window {
    const index = block / windowBlocks
    const first = index * windowBlocks
    return { index, first, last: first + windowBlocks - 1n }
  }

  function leaderOf(window: bigint): number {
    if (window < 0n) return 0
    const first = window * windowBlocks
    const { leaders = [] } = tableOf(first / epochBlocks) ?? {}
    return leaders[Number((first % epochBlocks) / windowBlocks)] ?? 0
  }

  function leaderAt(block: bigint, rank: number): number {
    return leaderOf(windowOf(block).index + BigInt(rank))
  }

  function rankOf(bundlerId: number, block: bigint): number | undefined {
    if (bundlerId === 0) return undefined
    const waited = Number(block - windowOf(block).first)
    const highest = Math.floor(waited / terms.fallbackBlocks)
    for (let rank = 0; rank <= highest; rank++) if (leaderAt(block, rank) === bundlerId) return rank
    return undefined
  }

  return {
    terms,
    leaderAt,
    rankOf,
    windowOf,
    customaryAt(block) {
      const { leaders = [] } = tableOf(block / epochBlocks - 1n) ?? {}
      // One that was stored late has places without a leader itself.
      const led = leaders.filter(leader => leader !== 0)
      return led[Number((block % epochBlocks) / windowBlocks) % led.length] ?? 0
    },
    standingOf(bundlerId, block) {
      if (leaderAt(block, 0) === 0) return 'open'
      const rank = rankOf(bundlerId, block)
      if (rank !== undefined) return rank === 0 ? 'leader' : 'fallback'
      const { index, first } = windowOf(block)
      if (block - first >= BigInt(terms.graceBlocks)) return 'none'
      const before = leaderOf(index - 1n)
      // Whatever was sent in an open window was sent in turn.
      return before === 0 || before === bundlerId ? 'grace' : 'none'
    },
  }
}
