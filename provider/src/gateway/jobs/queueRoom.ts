// Whether one more job may wait. A session may have no more waiting than there is room left for others: alone it gets half
// of a queue, and however many it fills, whoever comes new finds a place.
import type { FairQueue } from './fairQueue.ts'

/** Inputs that wait on the disk for one endpoint. */
const mostBytes = 1024 * 1024 * 1024

/** Undefined where there is room, else why not, in words. */
export function roomProblem(
  queue: FairQueue,
  asked: { readonly sessionId: bigint; readonly inputBytes: number; readonly queueLimit: number },
): string | undefined {
  const own = queue.waitingOf(asked.sessionId)
  const jobsLeft = asked.queueLimit - queue.size
  const bytesLeft = mostBytes - queue.bytes - asked.inputBytes
  if (jobsLeft <= 0 || bytesLeft <= 0)
    return `The queue of this endpoint is full (${queue.size} jobs wait): try again when some are done`
  if (own.jobs >= Math.max(1, jobsLeft) || own.bytes >= bytesLeft)
    return `${own.jobs} jobs of your session wait already, as many as there is room left for others: try again when some are done`
  return undefined
}
