// How an endpoint is, for its clients as RunPod tells it, and for the operator in words.
import type { EndpointDefinition } from '../market/marketSchema.ts'
import type { JobBook } from './jobs/jobBook.ts'
import type { JobCounter } from './jobs/jobCounts.ts'
import type { BackOff } from './workers/backOff.ts'
import type { Roster } from './workers/roster.ts'
import type { Scaler } from './workers/scaler.ts'

type Sources = {
  readonly book: Pick<JobBook, 'heldBy' | 'queueOf'>
  readonly roster: Pick<Roster, 'ofEndpoint'>
  readonly scaler: Pick<Scaler, 'throttled'>
  readonly backOff: Pick<BackOff, 'problem'>
  readonly counter: Pick<JobCounter, 'of'>
}

export type EndpointHealth = {
  readonly jobs: Readonly<Record<'completed' | 'failed' | 'inProgress' | 'inQueue' | 'retried', number>>
  readonly workers: Readonly<
    Record<'idle' | 'initializing' | 'ready' | 'running' | 'throttled' | 'unhealthy', number>
  >
}

export type EndpointStatus = EndpointHealth & {
  readonly id: string
  /** What is wrong, with when it is tried again. */
  readonly problem: string | undefined
}

export function endpointHealth({ id }: EndpointDefinition, sources: Sources): EndpointHealth {
  const { book, roster, scaler, counter } = sources
  const { completed, failed, retried } = counter.of(id)
  const workers = roster.ofEndpoint(id)
  const held = workers.map(({ key }) => book.heldBy(key).size)
  const running = held.filter(count => count > 0).length
  const ready = workers.filter(({ phase }) => phase === 'ready').length
  return {
    jobs: {
      ...{ completed, failed, retried },
      inProgress: held.reduce((sum, count) => sum + count, 0),
      inQueue: book.queueOf(id).size,
    },
    workers: {
      idle: workers.filter(({ key, phase }) => phase === 'ready' && book.heldBy(key).size === 0).length,
      initializing: workers.filter(({ phase }) => phase === 'starting').length,
      ...{ ready, running },
      throttled: scaler.throttled(id),
      unhealthy: workers.filter(({ phase, reason }) => phase !== 'draining' && reason !== undefined).length,
    },
  }
}

export function endpointStatus(endpoint: EndpointDefinition, sources: Sources): EndpointStatus {
  return {
    id: endpoint.id,
    ...endpointHealth(endpoint, sources),
    problem: sources.backOff.problem(endpoint.id),
  }
}

/** In a sentence, for /health and `status`. */
export function describeEndpoints(endpoints: readonly EndpointStatus[]): string {
  if (endpoints.length === 0) return 'none'
  return endpoints
    .map(({ id, jobs, workers, problem }) => {
      const told = `${id}: ${jobs.inProgress} running, ${jobs.inQueue} waiting, ${workers.ready} workers ready`
      return problem === undefined ? told : `${told}; ${problem}`
    })
    .join('. ')
}
