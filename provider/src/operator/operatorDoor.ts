// The operator's HTTP door: /health and /metrics on a listener of their own, so that no stranger meets them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@worldland-aa/service/clock'
import type { Callers } from '@worldland-aa/service/http/callers'
import type { TurnedAway } from '@worldland-aa/service/http/doorMetrics'
import type { Health } from '@worldland-aa/service/http/server'
import { sharedAnswer } from '@worldland-aa/service/http/sharedAnswer'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import { createListener, type Listener } from '../doors/listener.ts'

const mostConnections = 64

export function createOperatorDoor(options: {
  readonly host: string
  readonly port: number
  readonly health: () => Promise<Health> | Health
  readonly registry: Registry
  readonly callers: Callers
  readonly turnedAway: TurnedAway
  readonly clock: Clock
  readonly logger: Logger
}): Listener {
  const { registry, clock, logger } = options
  const health = sharedAnswer(options.health, clock)
  const metrics = sharedAnswer(() => registry.metrics(), clock)

  async function answer({ method, url }: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (url ?? '/').split('?', 1)[0]
    if (method !== 'GET' && method !== 'HEAD') return give(outgoing, 405, json, '{"error":"GET it"}')
    if (path === '/health') {
      const told = await health()
      return give(outgoing, told.healthy ? 200 : 503, json, JSON.stringify(told))
    }
    if (path === '/metrics') return give(outgoing, 200, registry.contentType, await metrics())
    return give(outgoing, 404, json, '{"error":"GET /health or /metrics"}')
  }

  return createListener({
    ...options,
    name: 'operator door',
    hostFlag: '--operator-host',
    portFlag: '--operator-port',
    maxConnections: mostConnections,
    answer(incoming, outgoing) {
      answer(incoming, outgoing).catch(error => {
        logger.error({ error }, 'the operator door failed')
        give(outgoing, 500, json, '{"error":"Internal error"}')
      })
    },
  })
}

const json = 'application/json'

function give(outgoing: ServerResponse, status: number, type: string, body: string): void {
  outgoing.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  outgoing.end(body)
}
