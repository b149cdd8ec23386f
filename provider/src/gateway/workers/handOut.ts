// Brings jobs and workers together: a worker that asks while nothing waits is held until something does.
import type { Job } from '../jobs/job.ts'
import type { JobBook } from '../jobs/jobBook.ts'
import { isHeldBy } from '../jobs/transitions.ts'
import type { Worker } from './roster.ts'

export type HandedJob = { readonly job: Job; readonly input: string }

export type HandOut = {
  /** Up to `most` jobs, on the disk as the worker's; none where none came within the time. */
  ask(worker: Worker, most: number, signal: AbortSignal): Promise<readonly HandedJob[]>
  /** A job waits at the endpoint, or a worker has room for one again. */
  wake(endpointId: string): void
  /** Lets go of a worker that is held: it is to get no job. */
  letGo(worker: Worker): void
}

type Held = {
  readonly worker: Worker
  readonly most: number
  readonly answer: (jobs: readonly Job[]) => void
}

/** The package gives up after 90 s. */
const heldMilliseconds = 25_000
/** So that a worker that is to end does not ask on and on. */
const drainingMilliseconds = 500

export function createHandOut(options: {
  readonly book: Pick<JobBook, 'take' | 'leased' | 'untake' | 'heldBy' | 'queueOf' | 'end'>
  readonly concurrencyOf: (endpointId: string) => number
}): HandOut {
  const { book, concurrencyOf } = options
  /** Who came last is served first: then the others become idle, and can go. */
  const held = new Map<string, Held[]>()
  const woken = new Set<string>()

  function roomOf({ worker, most }: Held): number {
    if (worker.phase === 'draining') return 0
    return Math.min(most, concurrencyOf(worker.endpointId) - book.heldBy(worker.key).size)
  }

  function dispatch(endpointId: string): void {
    const waiting = held.get(endpointId) ?? []
    const queue = book.queueOf(endpointId)
    for (const one of waiting.toReversed()) {
      if (queue.size === 0) return
      const room = roomOf(one)
      if (room > 0) one.answer(book.take(endpointId, one.worker.key, room))
    }
  }

  function wake(endpointId: string): void {
    if (woken.size === 0) {
      // After what else came in with it, so that a worker that asks for many gets them together.
      setImmediate(() => {
        const ids = [...woken]
        woken.clear()
        for (const id of ids) dispatch(id)
      })
    }
    woken.add(endpointId)
  }

  function hold(worker: Worker, most: number, signal: AbortSignal): Promise<readonly Job[]> {
    const { endpointId } = worker
    return new Promise(resolve => {
      const answer = (jobs: readonly Job[]): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', none)
        const rest = (held.get(endpointId) ?? []).filter(one => one !== own)
        if (rest.length === 0) held.delete(endpointId)
        else held.set(endpointId, rest)
        resolve(jobs)
      }
      const none = (): void => answer([])
      const own: Held = { worker, most, answer }
      const timer = setTimeout(none, worker.phase === 'draining' ? drainingMilliseconds : heldMilliseconds)
      signal.addEventListener('abort', none)
      held.set(endpointId, [...(held.get(endpointId) ?? []), own])
      wake(endpointId)
    })
  }

  /** Undefined where it is not to be given to the worker after all. */
  async function handOver(job: Job, worker: Worker, signal: AbortSignal): Promise<HandedJob | undefined> {
    try {
      const input = await book.leased(job)
      if (input === undefined) await book.end(job, lostInput)
      else if (!signal.aborted && isHeldBy(job, worker.key)) return { job, input }
    } catch (error) {
      book.untake(job, worker.key)
      throw error
    }
    book.untake(job, worker.key)
    return undefined
  }

  return {
    async ask(worker, most, signal) {
      if (signal.aborted) return []
      const jobs = await hold(worker, most, signal)
      const handed: HandedJob[] = []
      let failure: PromiseRejectedResult | undefined
      for (const settled of await Promise.allSettled(jobs.map(job => handOver(job, worker, signal)))) {
        if (settled.status === 'rejected') failure = settled
        else if (settled.value !== undefined) handed.push(settled.value)
      }
      // Those that the disk knows as its own it must get, whatever became of the others.
      if (handed.length === 0 && failure !== undefined) throw failure.reason
      return handed
    },
    wake,
    letGo(worker) {
      for (const one of held.get(worker.endpointId) ?? []) if (one.worker === worker) one.answer([])
    },
  }
}

const lostInput = {
  state: 'FAILED',
  reason: 'The input of this job is not in the data file any more',
} as const
