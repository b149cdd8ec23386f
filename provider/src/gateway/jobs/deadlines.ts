// Ends jobs whose time is over: those that run longer than they may, and those that nobody took in time.
import type { Clock } from '@worldland-aa/service/clock'
import type { Job } from './job.ts'
import type { JobBook } from './jobBook.ts'

/** Those whose time is over, with what to say. Waiting ones are looked at where `withWaiting`: there may be many. */
export function overdueJobs(
  book: Pick<JobBook, 'holders' | 'heldBy' | 'endpointIds' | 'queueOf'>,
  nowMilliseconds: number,
  withWaiting: boolean,
): readonly { readonly job: Job; readonly reason: string }[] {
  const found: { job: Job; reason: string }[] = []
  for (const worker of book.holders()) {
    for (const job of book.heldBy(worker)) {
      const ranMilliseconds = nowMilliseconds - (job.startedAtMilliseconds ?? nowMilliseconds)
      if (ranMilliseconds < job.executionTimeoutMilliseconds) continue
      const reason = `The job ran longer than the ${job.executionTimeoutMilliseconds} ms that it may`
      found.push({ job, reason })
    }
  }
  if (!withWaiting) return found
  for (const endpointId of book.endpointIds()) {
    for (const job of book.queueOf(endpointId)) {
      if (nowMilliseconds < job.expiresAtMilliseconds) continue
      const waited = job.expiresAtMilliseconds - job.createdAtMilliseconds
      found.push({ job, reason: `No worker took the job within ${waited} ms` })
    }
  }
  return found
}

const runningMilliseconds = 250
/** How many looks at what runs come between two at what waits. */
const looksPerWaiting = 8

export type Deadlines = { start(): void; stop(): void }

export function watchDeadlines(options: {
  readonly book: JobBook
  readonly clock: Clock
  /** Forgets results that are kept long enough. */
  readonly prune: () => Promise<unknown>
  readonly onFailure: (error: unknown) => void
}): Deadlines {
  const { book, clock, prune, onFailure } = options
  let timer: NodeJS.Timeout | undefined
  let looks = 0
  function look(): void {
    const withWaiting = looks++ % looksPerWaiting === 0
    for (const { job, reason } of overdueJobs(book, clock.now(), withWaiting)) {
      book.end(job, { state: 'TIMED_OUT', reason }).catch(onFailure)
    }
    if (withWaiting) prune().catch(onFailure)
  }
  return {
    start() {
      timer = setInterval(look, runningMilliseconds)
    },
    stop: () => clearInterval(timer),
  }
}
