// Brings the workers there are in line with the workers there should be: starts, drains and ends them, and gives back the
// jobs of those that died.
import type { Clock } from '@worldland-aa/service/clock'
import type { Logger } from '@worldland-aa/service/logger'
import type { MachineDriver } from '../../machines/machineDriver.ts'
import type { EndpointDefinition } from '../../market/marketSchema.ts'
import type { JobBook } from '../jobs/jobBook.ts'
import type { BackOff } from './backOff.ts'
import type { HandOut } from './handOut.ts'
import { newWorker, type Roster, type Worker } from './roster.ts'
import { scale } from './scale.ts'
import type { StopSignals } from './stopSignals.ts'
import { endpointOfWorker } from './workerKey.ts'
import type { WorkerMachines, WorkerPlaces } from './workerMachines.ts'
import { hopeless } from './workerWatch.ts'

export type ScalerOptions = {
  readonly driver: Pick<MachineDriver, 'list'>
  readonly machines: WorkerMachines
  readonly places: WorkerPlaces
  readonly roster: Roster
  readonly book: Pick<JobBook, 'heldBy' | 'holders' | 'lose' | 'queueOf' | 'find'>
  readonly handOut: Pick<HandOut, 'letGo'>
  readonly stops: Pick<StopSignals, 'forget'>
  readonly backOff: BackOff
  readonly endpoints: () => readonly EndpointDefinition[]
  readonly onLost: (endpointId: string) => void
  readonly clock: Clock
  readonly logger: Logger
}

export type Scaler = {
  /** Takes up the workers that an earlier life left, and gives back the jobs of those that are gone. */
  adopt(): Promise<void>
  /** One look at everything; what takes long goes on behind it. */
  tick(): Promise<void>
  drain(worker: Worker, reason: string): void
  /** Workers that are wanted and cannot be started at the moment. */
  throttled(endpointId: string): number
  /** Resolves when no start and no end is under way. */
  settled(): Promise<void>
}

/** From being asked politely until it is ended. */
const graceSeconds = 10

export function createScaler(options: ScalerOptions): Scaler {
  const { driver, machines, places, roster, book, handOut, stops, backOff, endpoints, clock, logger } =
    options
  /** Machines that are being started or ended: what the driver tells of them is not the last word. */
  const busy = new Map<string, Promise<void>>()
  const throttled = new Map<string, number>()

  function inBackground(key: string, what: string, work: () => Promise<void>): void {
    const done = work()
      .catch(error => logger.error({ error, worker: key }, `${what} failed: it is tried again`))
      .finally(() => busy.delete(key))
    busy.set(key, done)
  }

  async function loseJobs(key: string, reason: string): Promise<void> {
    const lost = [...book.heldBy(key)]
    if (lost.length > 0) logger.warn({ worker: key, jobs: lost.length }, `jobs go back: ${reason}`)
    await Promise.all(lost.map(job => book.lose(job, key, reason)))
  }

  async function endMachine(worker: Worker, grace: number): Promise<void> {
    const { key } = worker
    await machines.end(key, grace)
    // What it had, it has no more.
    await loseJobs(key, worker.reason ?? 'it was ended')
    stops.forget(key)
    await places.release(key)
    roster.remove(key)
  }

  function end(worker: Worker, grace: number): void {
    handOut.letGo(worker)
    inBackground(worker.key, 'ending a worker', () => endMachine(worker, grace))
  }

  function drain(worker: Worker, reason: string): void {
    if (worker.phase === 'draining') return
    logger.info({ worker: worker.key }, `a worker goes: ${reason}`)
    worker.phase = 'draining'
    worker.reason = reason
    handOut.letGo(worker)
  }

  /** It is gone, or must go at once. */
  function bury(worker: Worker, reason: string): void {
    const { key, endpointId } = worker
    const neverServed = worker.phase === 'starting'
    options.onLost(endpointId)
    worker.phase = 'draining'
    worker.reason = `the worker ${key} is lost: ${worker.reason ?? reason}`
    handOut.letGo(worker)
    inBackground(key, 'looking after a lost worker', async () => {
      const lastWords = await machines.lastWords(key)
      logger.warn({ worker: key, lastWords }, `a worker is lost: ${reason}`)
      if (neverServed) backOff.failed(endpointId, `${key} ended before it served: ${worker.reason}`)
      await loseJobs(key, worker.reason ?? reason)
      await endMachine(worker, 0)
    })
  }

  function launch(endpoint: EndpointDefinition, fingerprint: string): void {
    const key = machines.nextKey(endpoint.id)
    const worker = newWorker({ key, endpointId: endpoint.id, fingerprint }, 'starting', clock.now())
    roster.add(worker)
    const fail = (problem: string): void => {
      logger.warn({ worker: key }, `a worker could not be started: ${problem}`)
      backOff.failed(endpoint.id, `${key} could not be started: ${problem}`)
      drain(worker, 'it could not be started')
    }
    inBackground(key, 'starting a worker', async () => {
      try {
        const place = await places.claim(endpoint, key)
        if (!place.ok) {
          backOff.full(endpoint.id, `No room for a worker: ${place.refusal}`)
          return roster.remove(key)
        }
        const launched = await machines.launch(endpoint, key, place.value)
        if (launched.ok) logger.info({ worker: key }, 'a worker was started')
        else fail(launched.refusal)
      } catch (error) {
        fail("the machines' engine fails")
        throw error
      }
    })
  }

  function lookAt(worker: Worker, states: ReadonlyMap<string, string>): void {
    if (busy.has(worker.key)) return
    const state = states.get(worker.key)
    const isGone = state === undefined || state === 'exited'
    const reason = isGone ? 'its machine has ended' : hopeless(worker, clock.now())
    if (worker.phase === 'draining' && book.heldBy(worker.key).size === 0)
      end(worker, isGone ? 0 : graceSeconds)
    else if (reason !== undefined) bury(worker, reason)
  }

  function scaleEndpoint(id: string, endpoint: EndpointDefinition | undefined): void {
    const fingerprint = endpoint === undefined ? '' : machines.fingerprintOf(endpoint)
    const plan = scale(
      endpoint,
      fingerprint,
      roster.ofEndpoint(id),
      { waiting: book.queueOf(id).size, heldBy: worker => book.heldBy(worker.key).size },
      clock.now(),
    )
    for (const { worker, reason } of plan.drain) drain(worker, reason)
    throttled.delete(id)
    if (endpoint === undefined) return
    if (plan.start > 0 && !backOff.mayStart(id)) throttled.set(id, plan.start)
    else for (let left = plan.start; left > 0; left--) launch(endpoint, fingerprint)
  }

  return {
    drain,
    throttled: endpointId => throttled.get(endpointId) ?? 0,
    async settled() {
      await Promise.all(busy.values())
    },
    async adopt() {
      for (const machine of await driver.list()) {
        const endpointId = endpointOfWorker(machine.key)
        if (machine.owner !== 'worker' || endpointId === undefined) continue
        const identity = { key: machine.key, endpointId, fingerprint: machines.knownFingerprint(machine.key) }
        roster.add(newWorker(identity, 'ready', clock.now()))
      }
      for (const key of book.holders()) {
        if (roster.find(key) === undefined) await loseJobs(key, `the worker ${key} is gone`)
      }
    },
    async tick() {
      const listed = roster.all().length === 0 ? [] : await driver.list()
      const states = new Map(listed.map(machine => [machine.key, machine.state]))
      for (const worker of roster.all()) lookAt(worker, states)
      const defined = new Map(endpoints().map(endpoint => [endpoint.id, endpoint]))
      const ids = new Set([...defined.keys(), ...roster.all().map(({ endpointId }) => endpointId)])
      for (const id of ids) scaleEndpoint(id, defined.get(id))
    },
  }
}
