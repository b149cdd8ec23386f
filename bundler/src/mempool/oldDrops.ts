// Lets go of the oldest rows of operations that came to nothing. Each cost its sender nothing, so that without an end to
// them a stranger could fill the disk.
import type { Logger } from '@worldland-aa/service/logger'
import type { Commits } from '../database.ts'
import type { MempoolLimits } from './limits.ts'
import { forgetDropped } from './operationStore.ts'

export type OldDrops = {
  /** After the operations of the block `head` are dropped. */
  forget(head: bigint): Promise<void>
}

/** Blocks between two looks. */
const intervalBlocks = 16n
/** What a block ended a reorg of it brings back: deeper than this it is over for its sender. */
const reorgBlocks = 128n
/** Rows in one transaction: others wait for it. */
const most = 500

export function createOldDrops(options: {
  commits: Commits
  limits: Pick<MempoolLimits, 'maxDroppedRemembered'>
  logger: Logger
}): OldDrops {
  const { commits, limits, logger } = options
  let lookedAt: bigint | undefined
  return {
    async forget(head) {
      if (lookedAt !== undefined && head >= lookedAt && head - lookedAt < intervalBlocks) return
      lookedAt = head
      const terms = { keep: limits.maxDroppedRemembered, beforeBlock: head - reorgBlocks, most }
      let forgotten = 0
      for (let last = most; last === most; forgotten += last) {
        last = await commits.commit(transaction => forgetDropped(transaction, terms))
      }
      if (forgotten > 0) logger.info({ forgotten }, 'the oldest dropped operations are forgotten')
    },
  }
}
