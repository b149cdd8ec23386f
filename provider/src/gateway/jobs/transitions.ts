// What may become of a job, and what may not: a finished one stays as it is, and only the worker that has it speaks of it.
import { isFinished, type Job } from './job.ts'

/** A job is given back once by a worker that dies; the second death is taken to be the job's doing. */
const mostDeaths = 2

export type Result = { readonly output: string | undefined; readonly error: string | undefined }

export function beginBy(job: Job, worker: string, nowMilliseconds: number): void {
  job.state = 'IN_PROGRESS'
  job.attempt++
  // A client that was on its way with parts of the last attempt may have noted them since.
  job.streamTaken = 0
  job.worker = worker
  job.startedAtMilliseconds = nowMilliseconds
}

/** Whether what the worker says of the job counts: it has it, and the job is not over. */
export function isHeldBy(job: Job, worker: string): boolean {
  return job.state === 'IN_PROGRESS' && job.worker === worker
}

export function complete(job: Job, result: Result, nowMilliseconds: number): void {
  finish(job, result.error === undefined ? 'COMPLETED' : 'FAILED', nowMilliseconds)
  job.output = result.output
  job.error = result.error
}

/** Ends it without a result of its worker. False where it had ended already. */
export function endWithout(
  job: Job,
  end: { readonly state: 'FAILED' | 'CANCELLED' | 'TIMED_OUT'; readonly reason: string },
  nowMilliseconds: number,
): boolean {
  if (isFinished(job)) return false
  finish(job, end.state, nowMilliseconds)
  job.output = undefined
  job.error = end.reason
  return true
}

/** Its worker died or forgot it: back to the queue, or failed if that was so before. */
export function loseWorker(job: Job, reason: string, nowMilliseconds: number): 'waits' | 'failed' {
  job.deaths++
  if (job.deaths >= mostDeaths) {
    finish(job, 'FAILED', nowMilliseconds)
    job.output = undefined
    job.error = `The worker was lost twice while it ran this job; the last time: ${reason}`
    // What a lost worker used is not the payer's to bear.
    job.startedAtMilliseconds = undefined
    return 'failed'
  }
  putBack(job)
  return 'waits'
}

/** It was meant for a worker that did not get it. */
export function putBack(job: Job): void {
  job.state = 'IN_QUEUE'
  job.worker = undefined
  job.startedAtMilliseconds = undefined
  job.output = undefined
  job.streamBytes = 0
  job.streamParts = 0
  job.streamTaken = 0
}

function finish(job: Job, state: Job['state'], nowMilliseconds: number): void {
  job.state = state
  job.finishedAtMilliseconds = nowMilliseconds
}
