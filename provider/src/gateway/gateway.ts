// Composes the gateway: endpoints of the market file, jobs on the disk, workers in machines, and RunPod's protocol towards
// both sides.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@worldland-aa/service/clock'
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Callers } from '@worldland-aa/service/http/callers'
import type { TurnedAway } from '@worldland-aa/service/http/doorMetrics'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import type { AddressRules } from '@worldland-aa/service/outgoing/publicAddress'
import type { Kysely } from 'kysely'
import type { Registry } from 'prom-client'
import { createListener, type Listener } from '../doors/listener.ts'
import type { RouteGroup } from '../doors/routeGroup.ts'
import type { MachineDriver } from '../machines/machineDriver.ts'
import type { EndpointDefinition } from '../market/marketSchema.ts'
import type { OverdueReason, PaymentGate } from '../payment/paymentGate.ts'
import { clientRoutes } from './doors/clientRoutes.ts'
import { createWorkerDoor } from './doors/workerDoor.ts'
import { describeEndpoints, type EndpointStatus, endpointHealth, endpointStatus } from './endpointStatus.ts'
import { createGatewayMetrics } from './gatewayMetrics.ts'
import { createAliveMark } from './jobs/aliveMark.ts'
import { watchDeadlines } from './jobs/deadlines.ts'
import { createJobArchive } from './jobs/jobArchive.ts'
import { createJobBook } from './jobs/jobBook.ts'
import { createJobChanges } from './jobs/jobChanges.ts'
import { createJobCounter } from './jobs/jobCounts.ts'
import { createJobIndex } from './jobs/jobIndex.ts'
import { createJobJournal } from './jobs/jobJournal.ts'
import { createJobKeeper } from './jobs/jobKeeper.ts'
import { createJobList } from './jobs/jobList.ts'
import { createJobRerun } from './jobs/jobRerun.ts'
import type { GatewayTables } from './jobs/tables.ts'
import { createSteadyClock } from './steadyClock.ts'
import { createWebhookRows } from './webhooks/webhookRows.ts'
import { createWebhookSecrets } from './webhooks/webhookSecrets.ts'
import { createWebhooks } from './webhooks/webhooks.ts'
import { createBackOff } from './workers/backOff.ts'
import { createHandOut } from './workers/handOut.ts'
import { createRoster } from './workers/roster.ts'
import { createScaler } from './workers/scaler.ts'
import { createStopSignals } from './workers/stopSignals.ts'
import { createWorkerCalls } from './workers/workerCalls.ts'
import type { WorkerSecrets } from './workers/workerKey.ts'
import { createWorkerMachines, type WorkerPlaces } from './workers/workerMachines.ts'

export type GatewayOptions = {
  readonly endpoints: () => readonly EndpointDefinition[]
  /** Of those of its offers that are on the chain. */
  readonly offerIdsOf: (endpoint: EndpointDefinition) => readonly bigint[]
  readonly gate: PaymentGate
  readonly driver: MachineDriver
  readonly places: WorkerPlaces
  /** Takes no more jobs; those that it has end, and then its workers. */
  readonly isDraining: () => boolean
  readonly secrets: WorkerSecrets
  readonly database: Kysely<GatewayTables>
  readonly commits: GroupCommit<GatewayTables>
  /** Of the door for workers; 0 takes any free one, and a restarted daemon is then not found by its workers. */
  readonly workerPort: number
  /** Where that listens, if not where the driver's machines find it. */
  readonly workerHost?: string | undefined
  /** From which the secrets come that webhooks are signed with. */
  readonly webhookKey: Uint8Array
  /** Where webhooks may lead. */
  readonly webhookRules: AddressRules
  readonly callers: Pick<Callers, 'isTrusted'>
  readonly turnedAway: TurnedAway
  readonly registry: Registry
  readonly clock: Clock
  readonly logger: Logger
}

export type Gateway = Part & {
  readonly routes: RouteGroup
  status(): readonly EndpointStatus[]
  /** For /health and `status`: worth a look, and no reason to send nobody here. */
  check(): { readonly says: string }
  /** Where workers find it, once it has started. */
  workerUrl(): string
}

const tickMilliseconds = 500
/** What a payer is charged too little for a job that outlives the daemon, at most. */
const aliveMilliseconds = 1_000
const mostWorkerConnections = 4_096
/** For machines that are being started or ended. */
const stopMilliseconds = 5_000

export function createGateway(options: GatewayOptions): Gateway {
  const { endpoints, gate, driver, places, secrets, database, commits, logger, isDraining } = options
  const clock = createSteadyClock(options.clock)
  const onFailure = (error: unknown): void => {
    // Of the disk the watch on it tells, once.
    if (!(error instanceof Outage)) logger.error({ error }, 'jobs could not be written')
  }
  /** While it drains, workers are there for the jobs that are left alone. */
  const served = (): readonly EndpointDefinition[] =>
    isDraining() ? endpoints().map(one => ({ ...one, minimumWorkers: 0, idleSeconds: 0 })) : endpoints()
  const endpointOf = (id: string): EndpointDefinition | undefined => endpoints().find(one => one.id === id)

  const index = createJobIndex()
  const changes = createJobChanges()
  const counter = createJobCounter()
  const archive = createJobArchive(database)
  const journal = createJobJournal({ commits, onFailure })
  const keeper = createJobKeeper({ journal, commits, gate, onFailure })
  const alive = createAliveMark({ database, commits, clock })
  const stops = createStopSignals()
  const roster = createRoster()
  const metrics = createGatewayMetrics(options.registry)
  const backOff = createBackOff(clock)
  const book = createJobBook({
    rerun: createJobRerun({ commits, archive }),
    ...{ index, journal, archive, keeper, alive, changes, gate, clock },
    events: {
      onWaiting(endpointId) {
        handOut.wake(endpointId)
        // The first job of an endpoint does not wait for the next look.
        if (timer !== undefined && roster.ofEndpoint(endpointId).length === 0) tick()
      },
      onStopped(worker, jobId) {
        stops.stop(worker, jobId)
        const known = roster.find(worker)
        if (known !== undefined) known.toldToStopAtMilliseconds ??= clock.now()
      },
      onFinished(job) {
        counter.finished(job.endpointId, job.state)
        metrics.onFinished(job)
      },
      onRetried(job) {
        counter.retried(job.endpointId)
        metrics.onRetried(job)
      },
    },
  })
  const webhooks = createWebhooks({
    rows: createWebhookRows({ database, commits }),
    ...{ archive, book, clock, onFailure },
    secretOf: createWebhookSecrets(options.webhookKey),
    timeOfDay: options.clock,
    rules: options.webhookRules,
    onEnd: metrics.onWebhook,
  })
  const handOut = createHandOut({
    book,
    concurrencyOf: endpointId => endpointOf(endpointId)?.concurrency ?? 1,
  })
  /** Where it listens is the driver's to say, and known once the gateway starts. */
  let door: Listener | undefined
  let hostInMachines = ''
  const doorUrl = (): string => {
    if (door === undefined) throw new Error('the door for workers is not open')
    return `http://${hostInMachines}:${new URL(door.url()).port}`
  }
  const machines = createWorkerMachines({ driver, database, commits, secrets, doorUrl, logger })
  const scaler = createScaler({
    ...{ driver, machines, places, roster, book, handOut, stops, backOff, clock, logger },
    endpoints: served,
    onLost: metrics.onWorkerLost,
  })
  const answerWorker = createWorkerDoor({
    calls: createWorkerCalls({ book, handOut, stops, backOff, drain: scaler.drain, clock }),
    ...{ roster, secrets, logger },
    turnedAway: options.turnedAway,
  })
  const deadlines = watchDeadlines({ book, clock, prune: () => archive.prune(clock.now()), onFailure })
  let timer: NodeJS.Timeout | undefined
  let aliveTimer: NodeJS.Timeout | undefined
  let ticking: Promise<void> = Promise.resolve()
  let isTicking = false

  /** A provider without endpoints has none. */
  async function openDoor(): Promise<void> {
    const place = await driver.workerDoor()
    hostInMachines = place.hostInMachines
    const opened = createListener({
      name: 'worker door',
      host: options.workerHost ?? place.listenHost,
      port: options.workerPort,
      hostFlag: '--worker-host',
      portFlag: '--worker-port',
      answer: answerWorker,
      maxConnections: mostWorkerConnections,
      callers: options.callers,
      turnedAway: options.turnedAway,
    })
    await opened.start()
    door = opened
    await driver.admitWorkers(Number(new URL(opened.url()).port))
  }

  async function look(): Promise<void> {
    // A market file that was read anew may be the first with endpoints.
    if (door === undefined && endpoints().length > 0) await openDoor()
    await scaler.tick()
  }

  /** Only what runs needs it. */
  async function markAlive(): Promise<void> {
    if (book.holders().length > 0) await alive.set().catch(onFailure)
  }

  function tick(): void {
    if (isTicking) return
    isTicking = true
    ticking = look()
      .catch(error => logger.error({ error }, 'workers stay as they are for the moment'))
      .finally(() => {
        isTicking = false
      })
  }

  gate.onOverdue((payer, reason) => {
    for (const job of [...book.ofLane(payer.lane)]) {
      book.end(job, { state: 'FAILED', reason: overdue[reason] }).catch(onFailure)
    }
  })

  const sources = { book, roster, scaler, backOff, counter }
  const status = (): readonly EndpointStatus[] =>
    endpoints().map(endpoint => endpointStatus(endpoint, sources))
  metrics.watch(status)
  return {
    name: 'gateway',
    routes: clientRoutes({
      ...{ book, archive, changes, gate, webhooks, endpointOf },
      list: createJobList({ database, index }),
      offerIdsOf: options.offerIdsOf,
      healthOf: endpoint => endpointHealth(endpoint, sources),
      closed: () => (isDraining() ? 'This provider takes no more jobs: it is about to stop' : undefined),
    }),
    async start() {
      await machines.open()
      await book.open()
      await webhooks.start()
      for (const { endpointId, state, count } of await archive.counts()) {
        counter.finished(endpointId, state, count)
      }
      if (endpoints().length > 0) await openDoor()
      await scaler.adopt()
      deadlines.start()
      aliveTimer = setInterval(() => void markAlive(), aliveMilliseconds)
      timer = setInterval(tick, tickMilliseconds)
      tick()
    },
    async stop() {
      clearInterval(timer)
      timer = undefined
      clearInterval(aliveTimer)
      deadlines.stop()
      await ticking
      // An image may take long to come: a restart finds what became of it.
      await Promise.race([scaler.settled(), sleep(stopMilliseconds, undefined, { ref: false })])
      await door?.stop()
      await webhooks.stop()
      await markAlive()
      journal.close()
      keeper.close()
    },
    workerUrl: doorUrl,
    status,
    check: () => ({ says: describeEndpoints(status()) }),
  }
}

const overdue: Readonly<Record<OverdueReason, string>> = {
  unpaid: 'Its payer did not sign for what it used: sign on, and ask again',
  ended: 'Its right, or the session that this is of, has ended: ask again under one that is in force',
}
