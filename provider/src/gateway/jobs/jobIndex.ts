// The jobs that are not over, found by what they are asked for: their id, their queue, their worker, their payer.
import { createFairQueue, type FairQueue } from './fairQueue.ts'
import type { Job } from './job.ts'

export type JobIndex = {
  find(id: string): Job | undefined
  queueOf(endpointId: string): FairQueue
  /** What the worker has; of nobody's: none. */
  heldBy(worker: string): ReadonlySet<Job>
  ofLane(lane: string): ReadonlySet<Job>
  /** Workers that have a job. */
  holders(): IterableIterator<string>
  endpointIds(): IterableIterator<string>
  add(job: Job): void
  /** Its worker has changed: notes who has it. */
  held(job: Job, worker: string): void
  released(job: Job, worker: string): void
  remove(job: Job): void
}

const none: ReadonlySet<Job> = new Set()

export function createJobIndex(): JobIndex {
  const jobs = new Map<string, Job>()
  const queues = new Map<string, FairQueue>()
  const byWorker = new Map<string, Set<Job>>()
  const byLane = new Map<string, Set<Job>>()
  return {
    find: id => jobs.get(id),
    queueOf(endpointId) {
      let queue = queues.get(endpointId)
      if (queue === undefined) {
        queue = createFairQueue()
        queues.set(endpointId, queue)
      }
      return queue
    },
    heldBy: worker => byWorker.get(worker) ?? none,
    ofLane: lane => byLane.get(lane) ?? none,
    holders: () => byWorker.keys(),
    endpointIds: () => queues.keys(),
    add(job) {
      jobs.set(job.id, job)
      addTo(byLane, job.payer.lane, job)
    },
    held: (job, worker) => addTo(byWorker, worker, job),
    released: (job, worker) => removeFrom(byWorker, worker, job),
    remove(job) {
      jobs.delete(job.id)
      removeFrom(byLane, job.payer.lane, job)
    },
  }
}

function addTo(sets: Map<string, Set<Job>>, key: string, job: Job): void {
  const set = sets.get(key)
  if (set === undefined) sets.set(key, new Set([job]))
  else set.add(job)
}

function removeFrom(sets: Map<string, Set<Job>>, key: string, job: Job): void {
  const set = sets.get(key)
  set?.delete(job)
  if (set?.size === 0) sets.delete(key)
}
