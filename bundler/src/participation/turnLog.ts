// Counts and tells how the turns go: a line when a window begins, and what was left to others in it.
import type { Logger } from '@worldland-aa/service/logger'
import type { Hash } from 'viem'
import type { ParticipationMetrics } from './metrics.ts'
import type { Schedule, Standing } from './schedule/schedule.ts'

export type TurnLog = {
  onBlock(ownId: number, nextBlock: bigint): void
  /** Each operation once a window. */
  skipped(operation: Hash, because: 'turn' | 'commit'): void
}

export function createTurnLog(options: {
  readonly schedule: Schedule
  readonly metrics: Pick<ParticipationMetrics, 'blocks' | 'skipped'>
  readonly logger: Logger
}): TurnLog {
  const { schedule, metrics, logger } = options
  let window: bigint | undefined
  let standing: Standing | undefined
  const told = { turn: new Set<Hash>(), commit: new Set<Hash>() }

  return {
    onBlock(ownId, nextBlock) {
      const now = schedule.standingOf(ownId, nextBlock)
      metrics.blocks.inc({ standing: now })
      const { index, last } = schedule.windowOf(nextBlock)
      if (index !== window || now !== standing) {
        const leader = schedule.leaderAt(nextBlock, 0)
        logger.debug({ nextBlock, window: index, lastBlock: last, leader, standing: now }, 'whose turn it is')
      }
      if (index !== window) for (const seen of Object.values(told)) seen.clear()
      window = index
      standing = now
    },
    skipped(operation, because) {
      if (told[because].has(operation)) return
      told[because].add(operation)
      metrics.skipped.inc({ because })
    },
  }
}
