// What became of the jobs of each endpoint, for its health: those that are kept from before, and all since.
import type { Job } from './job.ts'

export type JobCounts = { readonly completed: number; readonly failed: number; readonly retried: number }

export type JobCounter = {
  of(endpointId: string): JobCounts
  finished(endpointId: string, state: Job['state'], count?: number): void
  retried(endpointId: string): void
}

export function createJobCounter(): JobCounter {
  const counts = new Map<string, { completed: number; failed: number; retried: number }>()
  function countsOf(endpointId: string) {
    let found = counts.get(endpointId)
    if (found === undefined) {
      found = { completed: 0, failed: 0, retried: 0 }
      counts.set(endpointId, found)
    }
    return found
  }
  return {
    of: endpointId => ({ ...countsOf(endpointId) }),
    finished(endpointId, state, count = 1) {
      if (state === 'COMPLETED') countsOf(endpointId).completed += count
      if (state === 'FAILED' || state === 'TIMED_OUT') countsOf(endpointId).failed += count
    },
    retried: endpointId => void countsOf(endpointId).retried++,
  }
}
