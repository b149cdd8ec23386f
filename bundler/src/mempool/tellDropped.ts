// Tells that an operation has ended without landing: once that is on the disk, and never of one that landed.
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal } from '@worldland-aa/service/result'
import type { Hash } from 'viem'
import type { MempoolMetrics } from './metrics.ts'

export function tellDropped(
  { logger, metrics }: { logger: Logger; metrics: MempoolMetrics },
  userOperationHash: Hash,
  { code, message: reason }: Refusal,
): void {
  metrics.dropped.inc({ code: String(code) })
  logger.info({ userOperationHash, code, reason }, 'an operation was dropped')
}
