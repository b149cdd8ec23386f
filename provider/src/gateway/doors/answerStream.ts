// What a job's worker has streamed since its client asked last. Clients that ask without a pause are held until there is
// more; a job is said to be over together with the last of its parts.
import { isFinished, type Job } from '../jobs/job.ts'
import type { JobArchive } from '../jobs/jobArchive.ts'
import type { JobBook } from '../jobs/jobBook.ts'
import type { JobChanges } from '../jobs/jobChanges.ts'
import { stateBefore } from './jobAnswer.ts'

/** RunPod's Python client gives an answer 10 s. */
const heldMilliseconds = 4_000
/** Of one answer. */
const mostBytes = 1024 * 1024

/** Undefined where there is no room for the answer. */
export async function answerStream(
  job: Job,
  tools: {
    readonly book: Pick<JobBook, 'find' | 'taken'>
    readonly archive: Pick<JobArchive, 'parts' | 'partsAhead'>
    readonly changes: JobChanges
    readonly hasRoom: (bytes: number) => boolean
    readonly signal: AbortSignal
  },
): Promise<string | undefined> {
  const { book, archive, changes, hasRoom, signal } = tools
  const isOver = (): boolean => isFinished(job) && book.find(job.id) === undefined
  if (job.streamParts <= job.streamTaken && !isOver()) await changes.next(job.id, heldMilliseconds, signal)
  const wasOver = isOver()
  // As they stand now: another call of the client, or the loss of the worker, may change them while the disk is read.
  const { id, attempt, streamTaken: from } = job
  let parts: readonly string[] = []
  if (job.streamParts > from) {
    const ahead = await archive.partsAhead({ id, attempt, from, mostBytes })
    if (!hasRoom(ahead.bytes)) return undefined
    parts = await archive.parts({ id, attempt, from, most: ahead.count })
  }
  const taken = from + parts.length
  if (parts.length > 0) await book.taken(job, { attempt, parts: taken })
  const status = wasOver && taken >= job.streamParts ? job.state : stateBefore(job)
  return `{"status":"${status}","stream":[${parts.map(part => `{"output":${part}}`).join(',')}]}`
}
