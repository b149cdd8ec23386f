// What workers may do: ask for jobs, say what became of their own, and hear what to stop. Nothing that one says is taken
// for more than its word on its own jobs.
import type { Clock } from '@worldland-aa/service/clock'
import type { JobBook } from '../jobs/jobBook.ts'
import { readJsonObject } from '../json/jsonMembers.ts'
import type { BackOff } from './backOff.ts'
import type { HandedJob, HandOut } from './handOut.ts'
import type { Worker } from './roster.ts'
import type { StopSignals } from './stopSignals.ts'
import { forgottenJobs } from './workerWatch.ts'

export type WorkerPing = {
  /** What it says it has; undefined where it does not say so. */
  readonly jobIds: ReadonlySet<string> | undefined
  readonly unhealthy: string | undefined
}

export type WorkerCalls = {
  take(worker: Worker, most: number, signal: AbortSignal): Promise<readonly HandedJob[]>
  /** It was on its way to the worker, and did not arrive. */
  undelivered(worker: Worker, jobs: readonly HandedJob[]): void
  /** Whether it counted. `text` is what the worker sent, of whatever it may be. */
  done(worker: Worker, jobId: string, text: string): Promise<boolean>
  stream(worker: Worker, jobId: string, text: string): Promise<boolean>
  jobsToStop(worker: Worker, signal: AbortSignal): Promise<readonly string[]>
  ping(worker: Worker, ping: WorkerPing): Promise<void>
}

const mostReasonCharacters = 500

export function createWorkerCalls(options: {
  readonly book: JobBook
  readonly handOut: HandOut
  readonly stops: StopSignals
  readonly backOff: BackOff
  /** It gets no more jobs. */
  readonly drain: (worker: Worker, reason: string) => void
  readonly clock: Clock
}): WorkerCalls {
  const { book, handOut, stops, backOff, drain, clock } = options

  function heard(worker: Worker): void {
    worker.lastHeardAtMilliseconds = clock.now()
  }

  function freed(worker: Worker): void {
    worker.idleSinceMilliseconds = clock.now()
    if (book.queueOf(worker.endpointId).size > 0) handOut.wake(worker.endpointId)
  }

  return {
    take(worker, most, signal) {
      heard(worker)
      worker.toldToStopAtMilliseconds = undefined
      if (worker.phase === 'starting') {
        worker.phase = 'ready'
        worker.idleSinceMilliseconds = clock.now()
        backOff.worked(worker.endpointId)
      }
      return handOut.ask(worker, most, signal)
    },
    undelivered(worker, jobs) {
      for (const { job } of jobs) book.untake(job, worker.key)
    },
    async done(worker, jobId, text) {
      heard(worker)
      const read = readJsonObject(text)
      if (!read.ok) {
        // Python writes NaN where JSON has no word for it.
        const error = `The worker's result cannot be read: ${read.refusal} (NaN and Infinity are none)`
        return await book.complete(worker.key, jobId, { output: undefined, error })
      }
      const { raw, value } = read.value
      if (value('status') === 'IN_PROGRESS') return book.progress(worker.key, jobId, raw('output'))
      const error = value('error')
      const counted = await book.complete(worker.key, jobId, {
        output: raw('output'),
        error:
          error === undefined || error === null
            ? undefined
            : typeof error === 'string'
              ? error
              : raw('error'),
      })
      // As the package's `refresh_worker` has it: a fresh one for the next job.
      if (counted && value('stopPod') === true) drain(worker, 'it asked to be started anew')
      freed(worker)
      return counted
    },
    async stream(worker, jobId, text) {
      heard(worker)
      const read = readJsonObject(text)
      if (!read.ok) return false
      const output = read.value.raw('output') ?? 'null'
      return await book.stream(worker.key, jobId, output)
    },
    jobsToStop(worker, signal) {
      heard(worker)
      return stops.ask(worker.key, signal)
    },
    async ping(worker, { jobIds, unhealthy }) {
      heard(worker)
      worker.hasPinged = true
      if (unhealthy !== undefined) {
        worker.reason = `it says that it is unhealthy: ${unhealthy.slice(0, mostReasonCharacters)}`
      }
      if (jobIds === undefined) return
      const forgotten = forgottenJobs(worker, book.heldBy(worker.key), jobIds)
      const reason = `the worker ${worker.key} knows nothing of it any more`
      await Promise.all(forgotten.map(job => book.lose(job, worker.key, reason)))
    },
  }
}
