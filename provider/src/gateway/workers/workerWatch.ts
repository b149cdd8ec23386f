// Which workers are past hope, and which jobs they know nothing of any more. What a worker says of itself is only ever
// used against it.
import { type Job, runId } from '../jobs/job.ts'
import type { Worker } from './roster.ts'

/** From its start until it asks for its first job: models are loaded meanwhile. */
const startMilliseconds = 15 * 60_000
/** Of one that pings every few seconds. */
const silenceMilliseconds = 60_000
/** From being told to stop a job until it asks for another. */
const stopMilliseconds = 30_000
/** The package names what it has at each ping; it may ping while a job is on its way to it. */
const mostUnnamed = 3

/** Why the worker is to be ended at once; undefined while all is well. */
export function hopeless(worker: Worker, nowMilliseconds: number): string | undefined {
  const since = (milliseconds: number): number => nowMilliseconds - milliseconds
  if (worker.phase === 'starting' && since(worker.createdAtMilliseconds) > startMilliseconds)
    return `it did not ask for a job within ${startMilliseconds / 60_000} minutes`
  if (worker.hasPinged && since(worker.lastHeardAtMilliseconds) > silenceMilliseconds)
    return `it was silent for ${silenceMilliseconds / 1_000} s`
  const { toldToStopAtMilliseconds: told } = worker
  if (told !== undefined && since(told) > stopMilliseconds)
    return `it did not stop a job within ${stopMilliseconds / 1_000} s`
  return undefined
}

/** Notes a ping that names what the worker has; the jobs that it forgot. */
export function forgottenJobs(
  worker: Worker,
  held: Iterable<Job>,
  named: ReadonlySet<string>,
): readonly Job[] {
  const forgotten: Job[] = []
  const before = new Map(worker.unnamed)
  worker.unnamed.clear()
  for (const job of held) {
    const run = runId(job)
    if (named.has(run)) continue
    const count = (before.get(run) ?? 0) + 1
    if (count >= mostUnnamed) forgotten.push(job)
    else worker.unnamed.set(run, count)
  }
  return forgotten
}
