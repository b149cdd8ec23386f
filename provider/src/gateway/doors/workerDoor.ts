// The door for workers: RunPod's paths, bodies that are JSON whatever their header says, and a secret of each worker's
// own. It is reached from the machines' network alone.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TurnedAway } from '@worldland-aa/service/http/doorMetrics'
import { readBody } from '@worldland-aa/service/http/readBody'
import { createUnderWay, type Place } from '@worldland-aa/service/http/underWay'
import type { Logger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import { runId } from '../jobs/job.ts'
import type { Roster, Worker } from '../workers/roster.ts'
import type { WorkerCalls } from '../workers/workerCalls.ts'
import type { WorkerSecrets } from '../workers/workerKey.ts'
import { goneSignal } from './goneSignal.ts'

export type WorkerDoorOptions = {
  readonly calls: WorkerCalls
  readonly roster: Pick<Roster, 'find'>
  readonly secrets: Pick<WorkerSecrets, 'isSecretOf'>
  readonly turnedAway: TurnedAway
  readonly logger: Logger
}

type Asked = {
  readonly worker: Worker
  readonly jobId: string
  readonly query: URLSearchParams
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly place: Place
}

/** As RunPod bounds results. */
const mostBodyBytes = 20 * 1024 * 1024
const mebibyte = 1024 * 1024
const mostUnderWay = {
  requests: 8_192,
  requestsPerCaller: 1_024,
  bytes: 256 * mebibyte,
  bytesPerCaller: 64 * mebibyte,
}
const mostBatch = 1_000
/** Of a ping, which names them all; the package cuts them off there. */
const mostNamedCharacters = 60_000

/** What answers at the door. */
export function createWorkerDoor(
  options: WorkerDoorOptions,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const { calls, roster, secrets, turnedAway, logger } = options
  const underWay = createUnderWay(mostUnderWay)

  const routes: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
    'GET job-take': asked => take(asked, 1, jobs => jobs[0] ?? ''),
    'GET job-take-batch': asked => {
      const wanted = Number(asked.query.get('batch_size') ?? 1)
      const most = Number.isInteger(wanted) && wanted >= 1 ? Math.min(wanted, mostBatch) : 1
      return take(asked, most, jobs => `[${jobs.join(',')}]`)
    },
    async 'GET job-stop'({ worker, outgoing }) {
      const ids = await calls.jobsToStop(worker, goneSignal(outgoing))
      if (ids.length === 0) answer(outgoing, 204)
      else answer(outgoing, 200, JSON.stringify({ jobsToStop: ids }))
    },
    'POST job-done': asked => report(asked, calls.done),
    'POST job-stream': asked => report(asked, calls.stream),
    async 'GET ping'({ worker, query, outgoing }) {
      const isPackage = query.has('runpod_version')
      const named = query.get('job_id') ?? ''
      await calls.ping(worker, {
        jobIds: isPackage && named.length < mostNamedCharacters ? new Set(named.split(',')) : undefined,
        unhealthy:
          query.get('status') === 'unhealthy'
            ? `${query.get('check') ?? 'a check'}: ${query.get('reason') ?? 'no reason given'}`
            : undefined,
      })
      answer(outgoing, 200, '{}')
    },
  }

  async function take(
    { worker, outgoing }: Asked,
    most: number,
    bodyOf: (jobs: readonly string[]) => string,
  ): Promise<void> {
    const jobs = await calls.take(worker, most, goneSignal(outgoing))
    if (jobs.length === 0) return answer(outgoing, 204)
    if (outgoing.destroyed) return calls.undelivered(worker, jobs)
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) calls.undelivered(worker, jobs)
    })
    answer(outgoing, 200, bodyOf(jobs.map(({ job, input }) => `{"id":"${runId(job)}","input":${input}}`)))
  }

  async function report(
    { worker, jobId, incoming, outgoing, place }: Asked,
    tell: WorkerCalls['done'],
  ): Promise<void> {
    const body = await readBody(incoming, { maxBytes: mostBodyBytes, admit: place.grow })
    if (body.kind === 'gone') return
    if (body.kind === 'refused') {
      turnedAway('busy')
      return answer(outgoing, 429, '{"error":"Too much is under way: send it again"}')
    }
    // It would send the same again: what became of the job is told to its client.
    const text = body.kind === 'text' ? body.text : JSON.stringify({ error: tooLarge })
    const counted = await tell(worker, jobId, text)
    // Also what does not count is well received: the package repeats what is refused.
    answer(outgoing, 200, counted ? '{"status":"accepted"}' : '{"status":"ignored"}')
  }

  function workerOf(incoming: IncomingMessage, endpointId: string, key: string): Worker | undefined {
    const claimed = (incoming.headers.authorization ?? '').replace(/^Bearer /i, '')
    // Compared also for a worker that does not exist.
    const isRight = secrets.isSecretOf(key, claimed)
    const worker = roster.find(key)
    return isRight && worker?.endpointId === endpointId ? worker : undefined
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [path = '', search = ''] = (incoming.url ?? '').split('?', 2)
    const [, version, endpointId = '', act = '', key = '', jobId = ''] = path.split('/')
    const route = version === 'v2' ? routes[`${incoming.method} ${act}`] : undefined
    if (route === undefined) return answer(outgoing, 404, '{"error":"Workers have nothing to ask here"}')
    const worker = workerOf(incoming, endpointId, key)
    if (worker === undefined) return answer(outgoing, 401, '{"error":"No such worker, or not its secret"}')
    const place = underWay.begin(key)
    if (place === undefined) {
      turnedAway('busy')
      return answer(outgoing, 429, '{"error":"Too many requests are under way"}')
    }
    try {
      await route({ worker, jobId, query: new URLSearchParams(search), incoming, outgoing, place })
    } finally {
      place.end()
    }
  }

  return (incoming, outgoing) => {
    handle(incoming, outgoing).catch(error => {
      if (!(error instanceof Outage)) logger.error({ error }, 'a call of a worker failed')
      if (!outgoing.headersSent)
        answer(outgoing, 503, '{"error":"The gateway fails at the moment: try again"}')
    })
  }
}

const tooLarge = `The worker's result is larger than ${mostBodyBytes} bytes: let it return less, or a link to it`

function answer(outgoing: ServerResponse, status: number, body?: string): void {
  if (outgoing.destroyed) return
  if (body === undefined) outgoing.writeHead(status).end()
  else {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    outgoing.writeHead(status, headers).end(body)
  }
}
