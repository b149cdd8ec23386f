// Sends what waits: each endpoint by itself, so that one that is slow or away holds up no other. Order is not promised, and
// neither is once: a receiver knows repeats by their id.
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '@worldland-aa/service/clock'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { postGuarded } from '@worldland-aa/service/outgoing/postGuarded'
import type { AddressRules } from '@worldland-aa/service/outgoing/publicAddress'
import type { Attempt, DeliveryStore, DueDelivery } from './deliveryStore.ts'
import type { Endpoint, EndpointBook } from './endpointBook.ts'
import { renderBody } from './renderBody.ts'
import { retryDelaySeconds } from './retrySchedule.ts'
import { signHeaders } from './signHeaders.ts'
import type { SigningSecrets } from './signingSecret.ts'

export type DeliveryWorkerOptions = {
  readonly endpoints: EndpointBook
  readonly store: DeliveryStore
  readonly secrets: SigningSecrets
  readonly rules: AddressRules
  readonly clock: Clock
  readonly logger: Logger
  /** Of deliveries that were taken, or were not. */
  readonly onAttempts: (attempts: readonly Attempt[]) => void
  readonly pollMilliseconds?: number
}

const timeoutMilliseconds = 10_000
const mostAnswerBytes = 2_048
/** Under way at once, for each endpoint. */
const atOnce = 16
/** Beyond that an endpoint is told nothing more until it has taken some. */
const mostWaiting = 100_000
const housekeepingEveryMilliseconds = 10_000

export function createDeliveryWorker(options: DeliveryWorkerOptions): Part {
  const { endpoints, store, clock, logger } = options
  const underWay = new Map<number, Promise<void>>()
  const perEndpoint = new Map<string, number>()
  const stopping = new AbortController()
  let finished: Attempt[] = []
  let writing: Promise<void> | undefined
  let loop: Promise<void> | undefined
  let housekeepingAt = 0
  const now = (): number => Math.floor(clock.now() / 1000)

  async function attempt(endpoint: Endpoint, delivery: DueDelivery): Promise<void> {
    const atSeconds = now()
    const startedAt = clock.now()
    const body = renderBody(endpoint.format, delivery.body)
    const { secrets, rules } = options
    const headers = signHeaders({ endpoint, secrets, messageId: delivery.message_id, body, atSeconds })
    const answer = await postGuarded({
      url: endpoint.url,
      headers,
      body,
      timeoutMilliseconds,
      mostAnswerBytes,
      rules,
      signal: stopping.signal,
    })
    // Cut off by a stop: it is sent again after the start.
    if (stopping.signal.aborted) return
    const problem = !answer.ok
      ? answer.refusal.message
      : answer.value.status >= 200 && answer.value.status < 300
        ? null
        : `The endpoint answered with status ${answer.value.status}`
    const delay = problem === null ? undefined : retryDelaySeconds(delivery.attempts + 1)
    finished.push({
      deliveryId: delivery.id,
      endpointId: endpoint.id,
      atSeconds,
      durationMilliseconds: Math.max(0, Math.round(clock.now() - startedAt)),
      status: answer.ok ? answer.value.status : null,
      problem,
      answer: answer.ok ? printable(answer.value.text) : null,
      nextAttemptAtSeconds: delay === undefined ? null : now() + delay,
    })
    writing ??= writeFinished()
    await writing
  }

  /** All that came back meanwhile, in one flush to the disk. */
  async function writeFinished(): Promise<void> {
    await new Promise(setImmediate)
    const attempts = finished
    finished = []
    writing = undefined
    await store.finish(attempts)
    options.onAttempts(attempts)
  }

  async function begin(): Promise<void> {
    for (const endpoint of endpoints.all()) {
      const busy = perEndpoint.get(endpoint.id) ?? 0
      if (!endpoint.isEnabled || busy >= atOnce) continue
      const due = await store.due(endpoint.id, now(), atOnce)
      for (const delivery of due.filter(({ id }) => !underWay.has(id)).slice(0, atOnce - busy)) {
        perEndpoint.set(endpoint.id, (perEndpoint.get(endpoint.id) ?? 0) + 1)
        const done = attempt(endpoint, delivery)
          .catch(error => logger.error({ error, delivery: delivery.id }, 'a webhook could not be booked'))
          .finally(() => {
            underWay.delete(delivery.id)
            perEndpoint.set(endpoint.id, (perEndpoint.get(endpoint.id) ?? 1) - 1)
          })
        underWay.set(delivery.id, done)
      }
    }
  }

  async function keepHouse(): Promise<void> {
    if (clock.now() - housekeepingAt < housekeepingEveryMilliseconds) return
    housekeepingAt = clock.now()
    await store.prune(now())
    const full = [...(await store.waiting())].filter(([, count]) => count >= mostWaiting).map(([id]) => id)
    if (full.length > 0) logger.warn({ endpoints: full }, 'webhooks are not taken: no more is kept for them')
    endpoints.setFull(new Set(full))
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await begin()
        await keepHouse()
      } catch (error) {
        logger.error({ error }, 'webhooks could not be read')
      }
      // What has come back makes room for the next at once.
      // A stop breaks it off; a timer that nobody waits for would let the process end in the middle of the stop.
      const { signal } = stopping
      const pause = setTimeout(options.pollMilliseconds ?? 250, undefined, { signal }).catch(() => undefined)
      await (underWay.size > 0 ? Promise.race([pause, ...underWay.values()]) : pause)
    }
  }

  return {
    name: 'webhooks',
    async start() {
      loop = run()
    },
    async stop() {
      stopping.abort()
      await loop
      await Promise.allSettled(underWay.values())
    },
  }
}

/** Of an answer that may be anything. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '?')
}
