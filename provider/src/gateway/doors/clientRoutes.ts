// RunPod's routes for clients: paths and answers are RunPod's, so that its clients need another URL and another key and
// nothing else. A payer sees his own jobs alone.
import type { ServerResponse } from 'node:http'
import { voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import { Outage } from '@worldland-aa/service/outage'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { DoorEnvironment, RouteGroup } from '../../doors/routeGroup.ts'
import type { EndpointDefinition } from '../../market/marketSchema.ts'
import type { Outcome } from '../../outcome.ts'
import type { Admitted, PaidEndpoint, Payer, PaymentGate, PaymentRefusal } from '../../payment/paymentGate.ts'
import type { Job } from '../jobs/job.ts'
import type { JobArchive } from '../jobs/jobArchive.ts'
import type { JobBook, NewJob } from '../jobs/jobBook.ts'
import type { JobChanges } from '../jobs/jobChanges.ts'
import type { JobList } from '../jobs/jobList.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import { createAnswerRoom } from './answerRoom.ts'
import { answerStream } from './answerStream.ts'
import { goneSignal } from './goneSignal.ts'
import { jobAnswer, jobOutline } from './jobAnswer.ts'
import { readRunRequest } from './readRunRequest.ts'

export type ClientRoutesOptions = {
  readonly book: JobBook
  readonly archive: JobArchive
  readonly changes: JobChanges
  readonly list: JobList
  readonly webhooks: Pick<Webhooks, 'secretOf' | 'urlProblem' | 'roomProblem' | 'put' | 'again'>
  readonly gate: Pick<PaymentGate, 'admit' | 'identify'>
  readonly endpointOf: (id: string) => EndpointDefinition | undefined
  /** Offers by whose sessions the endpoint is used. */
  readonly offerIdsOf: (endpoint: EndpointDefinition) => readonly bigint[]
  readonly healthOf: (endpoint: EndpointDefinition) => object
  /** Why nothing new is taken in; undefined as a rule. */
  readonly closed: () => string | undefined
}

/** As RunPod bounds requests. */
const mostBodyBytes = 10 * 1024 * 1024
/** Paid for before a job is let in: what follows is signed while it runs. */
const reserveSeconds = 10
/** Within what RunPod's clients ask for. */
const usualWaitMilliseconds = 90_000
const longestWaitMilliseconds = 300_000

/** `archivedBytes`: of its result, which is on the disk alone. */
type Found = { readonly job: Job; readonly archivedBytes?: number }

type Refused = { readonly status: 400 | 429 | 503; readonly says: string }

type Known = { readonly endpoint: EndpointDefinition; readonly paid: PaidEndpoint }

export function clientRoutes(options: ClientRoutesOptions): RouteGroup {
  const { book, archive, changes, list, webhooks, gate, endpointOf, offerIdsOf, healthOf, closed } = options
  const room = createAnswerRoom()

  function known(id: string): Known | undefined {
    const endpoint = endpointOf(id)
    if (endpoint === undefined) return undefined
    const reserve = Math.min(reserveSeconds, endpoint.requestSeconds)
    return {
      endpoint,
      paid: { endpointId: id, offerIds: offerIdsOf(endpoint), reserveSeconds: reserve },
    }
  }

  /** Once it is over, or the time is. */
  async function untilOver(job: Job, milliseconds: number, signal: AbortSignal): Promise<void> {
    const until = performance.now() + milliseconds
    while (book.find(job.id) !== undefined && !signal.aborted) {
      const left = until - performance.now()
      if (left <= 0) return
      await changes.next(job.id, left, signal)
    }
  }

  async function findJob(id: string, endpointId: string, payer: Payer): Promise<Found | undefined> {
    const live = book.find(id)
    const outline = live === undefined ? await archive.outline(id) : undefined
    const job = live ?? outline?.job
    if (job?.endpointId !== endpointId || job.payer.lane !== payer.lane) return undefined
    return { job, ...(outline && { archivedBytes: outline.resultBytes }) }
  }

  function hasRoom(job: Job, outgoing: ServerResponse): boolean {
    const bytes = (job.output?.length ?? 0) + (job.error?.length ?? 0)
    return room.take(job.payer, bytes, outgoing)
  }

  async function answerJob({ job, archivedBytes }: Found, outgoing: ServerResponse): Promise<Response> {
    if (archivedBytes === undefined) {
      if (!hasRoom(job, outgoing)) return failure(429, unread)
      return json(jobAnswer(job, book.find(job.id) === undefined))
    }
    if (!room.take(job.payer, archivedBytes, outgoing)) return failure(429, unread)
    const whole = await archive.find(job.id)
    return whole === undefined ? noJob(job.id) : json(jobAnswer(whole, true))
  }

  /** A voucher may have been taken with it: also during an outage its client is to hear so. */
  async function submit(asked: NewJob, webhook: string | undefined): Promise<Outcome<Job, Refused>> {
    const urlProblem = webhook && webhooks.urlProblem(webhook)
    if (urlProblem !== undefined) return refused(400, urlProblem)
    const roomProblem = webhook && webhooks.roomProblem(asked.payer.sessionId)
    if (roomProblem !== undefined) return refused(429, roomProblem)
    try {
      const submitted = await book.submit(asked)
      if (!submitted.ok) return refused(429, submitted.refusal)
      if (webhook !== undefined) await withWebhook(submitted.value, webhook)
      return submitted
    } catch (error) {
      if (!(error instanceof Outage)) throw error
      return refused(503, error.toCaller)
    }
  }

  async function withWebhook(job: Job, url: string): Promise<void> {
    try {
      await webhooks.put(job, url)
    } catch (error) {
      // Its client hears of no such job.
      book
        .end(job, { state: 'CANCELLED', reason: 'Its webhook could not be written to the disk' })
        .catch(() => undefined)
      throw error
    }
  }

  /** What costs is let in while jobs are taken, and paid for. */
  async function admitted(
    request: Request,
    endpointId: string,
    answer: (known: Known, admission: Admitted) => Promise<Response>,
  ): Promise<Response> {
    const found = known(endpointId)
    if (found === undefined) return noEndpoint(endpointId)
    const reason = closed()
    if (reason !== undefined) return failure(503, reason)
    const admission = await gate.admit(request, found.paid)
    if (!admission.ok) return refusal(admission.refusal)
    const answered = await answer(found, admission.value)
    await admission.value.saved
    return answered
  }

  /** `awaited`: how long, and over what, its caller waits for the answer, if it does. */
  async function run(
    request: Request,
    { endpoint }: Known,
    { payer, headers, saved }: Admitted,
    awaited?: { readonly milliseconds: number; readonly outgoing: ServerResponse },
  ): Promise<Response> {
    const read = readRunRequest(await request.text(), endpoint)
    if (!read.ok) return failure(400, read.refusal, headers)
    const { webhook, ...wanted } = read.value
    const { id: endpointId, queueLimit } = endpoint
    // What is told later is kept for as long as what is asked for later.
    const isAwaited = awaited !== undefined && webhook === undefined
    const submitted = await submit({ endpointId, payer, isAwaited, queueLimit, ...wanted }, webhook)
    if (!submitted.ok) return failure(submitted.refusal.status, submitted.refusal.says, headers)
    const job = submitted.value
    const over = awaited && untilOver(job, awaited.milliseconds, goneSignal(awaited.outgoing))
    try {
      // The voucher shares the job's way to the disk; without it there, nothing is told and nothing goes on.
      await Promise.all([saved, over])
    } catch (error) {
      book.end(job, unsaved).catch(() => undefined)
      throw error
    }
    // However fast a worker was.
    if (awaited === undefined) return json(waits(job), 200, headers)
    const { outgoing } = awaited
    const isKept = book.find(job.id) === undefined
    if (!isKept) await book.unawaited(job)
    // It was paid for: without room it is answered as if it were not done, and its caller asks for its status.
    return json(jobAnswer(job, isKept && hasRoom(job, outgoing)), 200, headers)
  }

  /** Once more, by the same id. */
  async function retry({ endpoint }: Known, { payer, headers }: Admitted, id: string): Promise<Response> {
    const found = await findJob(id, endpoint.id, payer)
    if (found === undefined) return noJob(id, headers)
    const again = await book.runAgain(id, endpoint.queueLimit)
    if (again.ok) {
      await webhooks.again(again.value)
      return json(waits(again.value), 200, headers)
    }
    if (again.refusal === 'gone') return noJob(id, headers)
    if (again.refusal === 'not failed') return failure(400, notFailed, headers)
    return failure(429, again.refusal.full, headers)
  }

  /** For what costs nothing: `answer` hears of the endpoint and who asks. */
  async function forPayer(
    request: Request,
    endpointId: string,
    answer: (known: Known, payer: Payer) => Promise<Response> | Response,
  ): Promise<Response> {
    const found = known(endpointId)
    if (found === undefined) return noEndpoint(endpointId)
    const identified = await gate.identify(request, found.paid)
    if (!identified.ok) return refusal(identified.refusal)
    return await answer(found, identified.value)
  }

  function forJob(
    request: Request,
    { endpoint, id }: { readonly endpoint: string; readonly id: string },
    answer: (found: Found) => Promise<Response> | Response,
  ): Promise<Response> {
    return forPayer(request, endpoint, async (_, payer) => {
      const found = await findJob(id, endpoint, payer)
      return found === undefined ? noJob(id) : await answer(found)
    })
  }

  const { required, response, laneToken } = voucherHeaders
  const app = new Hono<DoorEnvironment>()
  // A page of anyone's may ask: what answers is a key that it must have. Onto the answer itself: the middleware makes a
  // stream of each.
  const exposed = [required, response, laneToken]
  app.use(({ env }, next) => {
    env.outgoing.setHeader('access-control-allow-origin', '*')
    env.outgoing.setHeader('access-control-expose-headers', exposed.join(','))
    return next()
  })
  app.options('*', cors({ origin: '*', exposeHeaders: exposed, maxAge: 86_400 }))
  app.post('/:endpoint/run', ({ req }) =>
    admitted(req.raw, req.param('endpoint'), (found, admission) => run(req.raw, found, admission)),
  )
  app.post('/:endpoint/runsync', ({ req, env }) =>
    admitted(req.raw, req.param('endpoint'), (found, admission) =>
      run(req.raw, found, admission, {
        milliseconds: waitMilliseconds(req.query('wait')),
        outgoing: env.outgoing,
      }),
    ),
  )
  app.post('/:endpoint/retry/:id', ({ req }) =>
    admitted(req.raw, req.param('endpoint'), (found, admission) => retry(found, admission, req.param('id'))),
  )
  app.on(['GET', 'POST'], '/:endpoint/status/:id', ({ req, env }) =>
    forJob(req.raw, req.param(), found => answerJob(found, env.outgoing)),
  )
  app.on(['GET', 'POST'], '/:endpoint/status-sync/:id', ({ req, env }) =>
    forJob(req.raw, req.param(), async found => {
      await untilOver(found.job, waitMilliseconds(req.query('wait')), goneSignal(env.outgoing))
      return await answerJob(found, env.outgoing)
    }),
  )
  app.on(['GET', 'POST'], '/:endpoint/stream/:id', ({ req, env }) =>
    forJob(req.raw, req.param(), async ({ job }) => {
      const parts = await answerStream(job, {
        ...{ book, archive, changes, signal: goneSignal(env.outgoing) },
        hasRoom: bytes => room.take(job.payer, bytes, env.outgoing),
      })
      return parts === undefined ? failure(429, unread) : json(parts)
    }),
  )
  app.post('/:endpoint/cancel/:id', ({ req, env }) =>
    forJob(req.raw, req.param(), async found => {
      await book.end(found.job, { state: 'CANCELLED', reason: 'Its client cancelled it' })
      return await answerJob(found, env.outgoing)
    }),
  )
  app.post('/:endpoint/purge-queue', ({ req }) =>
    forPayer(req.raw, req.param('endpoint'), async ({ endpoint }, payer) => {
      const own = [...book.queueOf(endpoint.id)].filter(job => job.payer.lane === payer.lane)
      const purged = { state: 'CANCELLED', reason: 'Its client purged the queue' } as const
      await Promise.all(own.map(job => book.end(job, purged)))
      return json(JSON.stringify({ removed: own.length, status: 'completed' }))
    }),
  )
  app.get('/:endpoint/requests', ({ req }) =>
    forPayer(req.raw, req.param('endpoint'), async ({ endpoint }, payer) => {
      const own = await list.of(payer, endpoint.id)
      const told = own.map(job => jobOutline(job, book.find(job.id) === undefined))
      return json(`{"requests":[${told.join(',')}]}`)
    }),
  )
  app.get('/:endpoint/webhook-secret', ({ req }) =>
    forPayer(req.raw, req.param('endpoint'), (_, payer) => {
      const secret = JSON.stringify({ secret: webhooks.secretOf(payer) })
      return json(secret, 200, { 'cache-control': 'no-store' })
    }),
  )
  app.get('/:endpoint/health', ({ req }) =>
    forPayer(req.raw, req.param('endpoint'), ({ endpoint }) => json(JSON.stringify(healthOf(endpoint)))),
  )
  return { path: '/v2', app, maxBodyBytes: mostBodyBytes }
}

const unsaved = { state: 'FAILED', reason: 'What it was paid with could not be written to the disk' } as const
const unread =
  'Too much that you, or all together, asked for is not read yet: read the answers you have, then ask again'

function waitMilliseconds(wait: string | undefined): number {
  const wanted = Number(wait ?? usualWaitMilliseconds)
  return Number.isFinite(wanted)
    ? Math.min(Math.max(wanted, 0), longestWaitMilliseconds)
    : usualWaitMilliseconds
}

function json(body: string, status = 200, headers?: Readonly<Record<string, string>>): Response {
  return new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } })
}

function failure(status: number, error: string, headers?: Readonly<Record<string, string>>): Response {
  const retry = status === 429 || status === 503 ? { 'retry-after': '1' } : {}
  return json(JSON.stringify({ error }), status, { ...headers, ...retry })
}

function refusal({ status, headers, body }: PaymentRefusal): Response {
  return json(JSON.stringify(body), status, headers)
}

function noEndpoint(id: string): Response {
  return failure(404, `There is no endpoint ${JSON.stringify(id.slice(0, 64))} here`)
}

function refused(status: Refused['status'], says: string): Outcome<never, Refused> {
  return { ok: false, refusal: { status, says } }
}

/** As RunPod answers who need not wait. */
function waits({ id }: Job): string {
  return `{"id":"${id}","status":"IN_QUEUE"}`
}

const notFailed = 'Only a job that FAILED or was TIMED_OUT runs again, and only while its input is kept'

function noJob(id: string, headers?: Readonly<Record<string, string>>): Response {
  const shown = JSON.stringify(id.slice(0, 64))
  return failure(
    404,
    `You have no job ${shown} here: results are kept for half an hour, of runsync for a minute`,
    headers,
  )
}
