// The workers there are, as the gateway knows them: what each said last, and what it is for at the moment.

export type WorkerPhase =
  /** Has not asked for a job yet. */
  | 'starting'
  | 'ready'
  /** Gets no more jobs: it ends when it has none. */
  | 'draining'

export type Worker = {
  readonly key: string
  readonly endpointId: string
  /** Of what it was started with. */
  readonly fingerprint: string
  readonly createdAtMilliseconds: number
  phase: WorkerPhase
  /** Why it drains, or what it said is wrong with it. */
  reason: string | undefined
  lastHeardAtMilliseconds: number
  idleSinceMilliseconds: number
  /** One that never pinged is not missed when it is silent. */
  hasPinged: boolean
  /** When it was told to stop a job; undefined once it asked for another. */
  toldToStopAtMilliseconds: number | undefined
  /** Its jobs, by how many pings in a row did not name them. */
  readonly unnamed: Map<string, number>
}

export type Roster = {
  find(key: string): Worker | undefined
  ofEndpoint(endpointId: string): readonly Worker[]
  all(): readonly Worker[]
  add(worker: Worker): void
  remove(key: string): void
}

export function createRoster(): Roster {
  const workers = new Map<string, Worker>()
  return {
    find: key => workers.get(key),
    ofEndpoint: endpointId => [...workers.values()].filter(worker => worker.endpointId === endpointId),
    all: () => [...workers.values()],
    add: worker => void workers.set(worker.key, worker),
    remove: key => void workers.delete(key),
  }
}

export function newWorker(
  identity: Pick<Worker, 'key' | 'endpointId' | 'fingerprint'>,
  phase: WorkerPhase,
  nowMilliseconds: number,
): Worker {
  return {
    ...identity,
    createdAtMilliseconds: nowMilliseconds,
    phase,
    reason: undefined,
    lastHeardAtMilliseconds: nowMilliseconds,
    idleSinceMilliseconds: nowMilliseconds,
    hasPinged: false,
    toldToStopAtMilliseconds: undefined,
    unnamed: new Map(),
  }
}
