// A job: what a client asked of an endpoint, who pays for it, which worker has it, and what became of it.
import type { Payer } from '../../payment/paymentGate.ts'

export const jobStates = ['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT'] as const
export type JobState = (typeof jobStates)[number]

/** One that is not finished lives in memory and on the disk; one that is, on the disk alone. */
export type Job = {
  readonly id: string
  readonly endpointId: string
  readonly payer: Payer
  readonly createdAtMilliseconds: number
  /** From take to done. */
  readonly executionTimeoutMilliseconds: number
  /** It is not begun any more after this. */
  readonly expiresAtMilliseconds: number
  readonly inputBytes: number
  /** As JSON; undefined once it is on the disk and too large to stay in memory. */
  input: string | undefined
  /** Its caller waits for the answer: then the result need not be kept for long. */
  isAwaited: boolean
  state: JobState
  /** How often it was given to a worker; results count for the last time only. */
  attempt: number
  /** Of the attempts, those whose worker died. */
  deaths: number
  /** How often its client had it run again after it had failed. */
  readonly reruns: number
  worker: string | undefined
  startedAtMilliseconds: number | undefined
  finishedAtMilliseconds: number | undefined
  /** As JSON: the result, or the last that the worker said of its progress. */
  output: string | undefined
  error: string | undefined
  /** Bytes and number of the parts that its worker has streamed. */
  streamBytes: number
  streamParts: number
  /** Parts that its client has taken. */
  streamTaken: number
  /** Whether what it used is in the payer's account. */
  isSettled: boolean
  keepUntilMilliseconds: number | undefined
}

/** What became of a job, without what it was given and what it returned. */
export type OutlinedJob = Pick<
  Job,
  | 'id'
  | 'createdAtMilliseconds'
  | 'state'
  | 'deaths'
  | 'worker'
  | 'startedAtMilliseconds'
  | 'finishedAtMilliseconds'
>

/**
 * What this run of the job is called by its worker and in the payer's account: another one is a job of its own there, so that
 * what a worker still says of the last run counts for nothing, and each is paid.
 */
export function runId({ id, reruns }: Pick<Job, 'id' | 'reruns'>): string {
  return reruns === 0 ? id : `${id}${rerunMark}${reruns}`
}

/** Of a run's. */
export function jobIdOf(run: string): string {
  return run.split(rerunMark, 1).join()
}

const rerunMark = '-again-'

export function isFinished(job: Pick<Job, 'state'>): boolean {
  return job.state !== 'IN_QUEUE' && job.state !== 'IN_PROGRESS'
}

/** Where its client asks for it, as on RunPod. */
export function mayRunAgain({ state }: Pick<Job, 'state'>): boolean {
  return state === 'FAILED' || state === 'TIMED_OUT'
}

/** What its payer owes time for: of the attempt that came to an end alone, not of one whose worker died. */
export function usedMilliseconds(job: Pick<Job, 'startedAtMilliseconds' | 'finishedAtMilliseconds'>): number {
  const { startedAtMilliseconds, finishedAtMilliseconds } = job
  if (startedAtMilliseconds === undefined || finishedAtMilliseconds === undefined) return 0
  // A clock that is set back makes nobody a creditor.
  return Math.max(0, finishedAtMilliseconds - startedAtMilliseconds)
}
