// Posts the end of a job to the URL that its client named, as `status` would tell it, signed (Standard Webhooks). Once is not promised: who did not
// answer in time, or was told right before the daemon ended, is told again.
import type { Clock } from '@worldland-aa/service/clock'
import { postGuarded } from '@worldland-aa/service/outgoing/postGuarded'
import { type AddressRules, readOutgoingUrl } from '@worldland-aa/service/outgoing/publicAddress'
import { signedHeaders } from '@worldland-aa/service/outgoing/signedHeaders'
import { jobAnswer } from '../doors/jobAnswer.ts'
import { isFinished, type Job, runId } from '../jobs/job.ts'
import type { JobArchive } from '../jobs/jobArchive.ts'
import type { JobBook } from '../jobs/jobBook.ts'
import type { OpenWebhook, WebhookRows } from './webhookRows.ts'
import type { WebhookSecretOf } from './webhookSecrets.ts'

export type WebhookEnd = 'delivered' | 'given_up'

export type Webhooks = {
  /** Why nothing will be posted there, in a sentence; undefined where it may be. */
  urlProblem(url: string): string | undefined
  /** Why one more job of the session may have none now. */
  roomProblem(sessionId: bigint): string | undefined
  /** By which the payer knows what comes from here. */
  secretOf: WebhookSecretOf
  /** Resolves when it is on the disk. */
  put(job: Job, url: string): Promise<void>
  /** The job runs again, and the disk knows it: its end is told anew. */
  again(job: Job): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** As RunPod has it. */
const mostAttempts = 3
const patienceMilliseconds = 10_000
const timeoutMilliseconds = 10_000
const pollMilliseconds = 250
const mostAnswerBytes = 1_024
/** Under way at once; results are up to 20 MiB. */
const mostAtOnce = 12
/** So that a session whose URLs do not answer holds up no other. */
const mostAtOnceOfSession = 2
/** Jobs that run and jobs whose end is not told. */
const mostOpen = 50_000
const mostOpenOfSession = 2_000

type Open = OpenWebhook & { attempts: number; dueAtMilliseconds: number }

export function createWebhooks(options: {
  readonly rows: WebhookRows
  readonly archive: Pick<JobArchive, 'find'>
  readonly book: Pick<JobBook, 'find'>
  readonly rules: AddressRules
  readonly secretOf: WebhookSecretOf
  readonly clock: Clock
  /** Of the host, as receivers have it. */
  readonly timeOfDay: Clock
  readonly onEnd: (end: WebhookEnd) => void
  readonly onFailure: (error: unknown) => void
  /** After an attempt that failed; default: as RunPod has it. */
  readonly patienceMilliseconds?: number
}): Webhooks {
  const { rows, archive, book, rules, secretOf, clock, timeOfDay, onEnd, onFailure } = options
  const patience = options.patienceMilliseconds ?? patienceMilliseconds
  const open = new Map<string, Open>()
  const underWay = new Map<Open, Promise<void>>()
  const stopped = new AbortController()
  let timer: NodeJS.Timeout | undefined

  function add(webhook: OpenWebhook): void {
    open.set(webhook.jobId, { ...webhook, dueAtMilliseconds: 0 })
  }

  const addOf = ({ id, payer: { sessionId } }: Job, url: string): void =>
    add({ jobId: id, sessionId, url, attempts: 0 })

  function ofSession(all: Iterable<OpenWebhook>, sessionId: bigint): number {
    let count = 0
    for (const one of all) if (one.sessionId === sessionId) count++
    return count
  }

  /** Undefined where nothing is to be told any more. */
  async function post(webhook: Open): Promise<boolean | undefined> {
    const job = await archive.find(webhook.jobId)
    if (job === undefined || !isFinished(job)) return undefined
    const body = jobAnswer(job, true)
    const atSeconds = Math.floor(timeOfDay.now() / 1_000)
    const answer = await postGuarded({
      url: webhook.url,
      // Each run of a job is told by itself; all attempts to tell it are one message.
      headers: signedHeaders({ secrets: [secretOf(job.payer)], messageId: runId(job), body, atSeconds }),
      body,
      ...{ timeoutMilliseconds, mostAnswerBytes, rules },
      signal: stopped.signal,
    })
    return answer.ok && answer.value.status >= 200 && answer.value.status < 300
  }

  async function attempt(webhook: Open): Promise<void> {
    const isTold = await post(webhook)
    // Broken off by the end of this daemon, or its job runs again.
    if (stopped.signal.aborted || open.get(webhook.jobId) !== webhook) return
    webhook.attempts++
    const isGivenUp = isTold === false && webhook.attempts >= mostAttempts
    if (isTold === false && !isGivenUp) {
      webhook.dueAtMilliseconds = clock.now() + patience
      return await rows.failed(webhook.jobId, webhook.attempts)
    }
    open.delete(webhook.jobId)
    if (isTold !== undefined) onEnd(isGivenUp ? 'given_up' : 'delivered')
    await rows.closed(webhook.jobId)
  }

  function look(): void {
    const now = clock.now()
    for (const webhook of open.values()) {
      if (underWay.size >= mostAtOnce) return
      // What the book still has is not over, or not on the disk.
      if (webhook.dueAtMilliseconds > now || book.find(webhook.jobId) !== undefined) continue
      if (underWay.has(webhook)) continue
      if (ofSession(underWay.keys(), webhook.sessionId) >= mostAtOnceOfSession) continue
      const told = attempt(webhook)
        .catch(error => {
          webhook.dueAtMilliseconds = clock.now() + patience
          onFailure(error)
        })
        .finally(() => underWay.delete(webhook))
      underWay.set(webhook, told)
    }
  }

  return {
    secretOf,
    urlProblem(url) {
      const read = readOutgoingUrl(url, rules)
      return read.ok ? undefined : read.refusal.message
    },
    roomProblem(sessionId) {
      if (open.size < mostOpen && ofSession(open.values(), sessionId) < mostOpenOfSession) return undefined
      return 'Too many webhooks of yours, or of all together, are not told yet: send the job without one, or later'
    },
    async put(job, url) {
      await rows.put(job.id, url)
      addOf(job, url)
    },
    async again(job) {
      const url = await rows.urlOf(job.id)
      if (url !== undefined) addOf(job, url)
    },
    async start() {
      for (const webhook of await rows.open()) add(webhook)
      timer = setInterval(look, pollMilliseconds)
    },
    async stop() {
      clearInterval(timer)
      stopped.abort()
      await Promise.allSettled(underWay.values())
    },
  }
}
