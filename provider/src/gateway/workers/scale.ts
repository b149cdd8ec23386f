// How many workers an endpoint should have now, and which of them should go: as many as its jobs need, within its bounds.
import type { EndpointDefinition } from '../../market/marketSchema.ts'
import type { Worker } from './roster.ts'

export type Load = {
  /** Jobs that no worker has. */
  readonly waiting: number
  readonly heldBy: (worker: Worker) => number
}

export type Scale = {
  /** Before any back-off. */
  readonly start: number
  readonly drain: readonly { readonly worker: Worker; readonly reason: string }[]
}

/** Undefined: there is no such endpoint any more. */
export function scale(
  endpoint: EndpointDefinition | undefined,
  fingerprint: string,
  workers: readonly Worker[],
  load: Load,
  nowMilliseconds: number,
): Scale {
  const serving = workers.filter(({ phase }) => phase !== 'draining')
  if (endpoint === undefined) {
    return { start: 0, drain: serving.map(worker => ({ worker, reason: 'its endpoint was taken away' })) }
  }
  const { minimumWorkers, maximumWorkers, concurrency, idleSeconds } = endpoint
  const [current, outdated] = split(serving, worker => worker.fingerprint === fingerprint)
  const held = current.reduce((sum, worker) => sum + load.heldBy(worker), 0)
  const needed = Math.ceil((load.waiting + held) / concurrency)
  const wanted = Math.min(Math.max(needed, minimumWorkers), maximumWorkers)
  const spare = current
    .filter(worker => worker.phase === 'ready' && load.heldBy(worker) === 0)
    .filter(worker => nowMilliseconds - worker.idleSinceMilliseconds >= idleSeconds * 1_000)
    .sort((a, b) => a.idleSinceMilliseconds - b.idleSinceMilliseconds)
    .slice(0, Math.max(0, current.length - wanted))
  return {
    // Those that drain are still there: they take the room of others.
    start: Math.max(0, Math.min(wanted - current.length, maximumWorkers - workers.length)),
    drain: [
      ...outdated.map(worker => ({ worker, reason: 'its endpoint is defined otherwise now' })),
      ...spare.map(worker => ({ worker, reason: `it had nothing to do for ${idleSeconds} s` })),
    ],
  }
}

function split<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter(item => !isFirst(item))]
}
