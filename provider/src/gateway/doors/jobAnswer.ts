// A job as RunPod's clients read it.
import { isFinished, type Job, type OutlinedJob, usedMilliseconds } from '../jobs/job.ts'

/** `isKept`: its end is on the disk; before, nobody is told of it. */
export function jobAnswer(
  job: OutlinedJob & Partial<Pick<Job, 'output' | 'error'>>,
  isKept: boolean,
): string {
  const members: string[] = []
  const state = isFinished(job) && !isKept ? stateBefore(job) : job.state
  if (job.startedAtMilliseconds !== undefined) {
    members.push(`"delayTime":${Math.max(0, job.startedAtMilliseconds - job.createdAtMilliseconds)}`)
  }
  if (isKept && isFinished(job)) members.push(`"executionTime":${usedMilliseconds(job)}`)
  members.push(`"id":"${job.id}"`)
  if (job.output !== undefined && (isKept || !isFinished(job))) members.push(`"output":${job.output}`)
  if (job.error !== undefined && isKept) members.push(`"error":${JSON.stringify(job.error)}`)
  if (job.deaths > 0) members.push(`"retries":${job.deaths}`)
  members.push(`"status":"${state}"`)
  if (job.worker !== undefined) members.push(`"workerId":"${job.worker}"`)
  return `{${members.join(',')}}`
}

/** The same without what it returned. */
export function jobOutline(job: OutlinedJob, isKept: boolean): string {
  const { id, createdAtMilliseconds, state, deaths, worker, startedAtMilliseconds, finishedAtMilliseconds } =
    job
  return jobAnswer(
    { id, createdAtMilliseconds, state, deaths, worker, startedAtMilliseconds, finishedAtMilliseconds },
    isKept,
  )
}

export function stateBefore(job: Pick<Job, 'startedAtMilliseconds'>): 'IN_QUEUE' | 'IN_PROGRESS' {
  return job.startedAtMilliseconds === undefined ? 'IN_QUEUE' : 'IN_PROGRESS'
}
