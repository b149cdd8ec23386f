// The door that strangers come through: what each part serves, and bounds on what any caller may ask, have under way, or
// send, before a part hears of it.
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Clock } from '@worldland-aa/service/clock'
import type { Callers } from '@worldland-aa/service/http/callers'
import type { TurnedAway } from '@worldland-aa/service/http/doorMetrics'
import { createRateLimiter, type RateLimiter } from '@worldland-aa/service/http/rateLimiter'
import { createUnderWay, type UnderWay } from '@worldland-aa/service/http/underWay'
import type { Logger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import { Hono, type MiddlewareHandler } from 'hono'
import { createListener, type Listener } from './listener.ts'
import type { DoorEnvironment, RouteGroup } from './routeGroup.ts'

export type PublicDoorOptions = {
  readonly host: string
  readonly port: number
  readonly groups: readonly RouteGroup[]
  readonly maxBodyBytes: number
  readonly maxConnections: number
  /** Calls a second for one caller; 0 means no limit. */
  readonly callsPerSecond: number
  /** Of bodies, a second, for one caller; 0, the default, means no limit. Streams bound themselves. */
  readonly bytesPerSecond?: number
  readonly callers: Callers
  readonly turnedAway: TurnedAway
  readonly clock: Clock
  readonly logger: Logger
}

const mebibyte = 1024 * 1024
/** Long polls wait in it, so there are many; a caller may be somebody's whole backend. */
const mostUnderWay = {
  requests: 4_096,
  requestsPerCaller: 1_024,
  bytes: 256 * mebibyte,
  bytesPerCaller: 64 * mebibyte,
}

export function createPublicDoor(options: PublicDoorOptions): Listener {
  const { callers, groups, turnedAway, clock } = options
  const calls = createRateLimiter({ perSecond: options.callsPerSecond, clock })
  const app = createDoorApp(options, calls)
  const answer = getRequestListener((request, bindings) => app.fetch(request, bindings as HttpBindings))
  return createListener({
    ...options,
    name: 'public door',
    hostFlag: '--host',
    portFlag: '--port',
    answer: (incoming, outgoing) => void answer(incoming, outgoing),
    upgrade(incoming, socket, head) {
      const group = groupAt(groups, (incoming.url ?? '/').split('?', 1)[0] ?? '/')
      if (group?.upgrade === undefined) return void socket.end(refusedUpgrade('404 Not Found'))
      if (!calls.take(callers.callerOf(incoming), 1)) {
        turnedAway('calls')
        return void socket.end(refusedUpgrade('429 Too Many Requests'))
      }
      group.upgrade(incoming, socket, head)
    },
  })
}

function refusedUpgrade(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
}

function groupAt(groups: readonly RouteGroup[], path: string): RouteGroup | undefined {
  return groups.find(group => path === group.path || path.startsWith(`${group.path}/`))
}

function createDoorApp(options: PublicDoorOptions, calls: RateLimiter): Hono<DoorEnvironment> {
  const { callers, groups, turnedAway } = options
  const underWay = createUnderWay(mostUnderWay)
  const bytes = createRateLimiter({ perSecond: options.bytesPerSecond ?? 0, clock: options.clock })
  const app = new Hono<DoorEnvironment>()
  app.use(async (context, next) => {
    const caller = callers.callerOf(context.env.incoming)
    if (!calls.take(caller, 1)) {
      turnedAway('calls')
      return refusal(429, 'Too many requests from your address: slow down and try again in a second')
    }
    return await next()
  })
  for (const group of groups) {
    app.use(`${group.path}/*`, boundBodies({ ...options, group, underWay, bytes }))
    app.route(group.path, group.app)
  }
  app.notFound(context => refusal(404, `Nothing is served at ${context.req.method} ${context.req.path}`))
  app.onError(error => {
    // Of what failed its own watch tells the operator; whoever asked may come again.
    if (error instanceof Outage) return refusal(503, error.toCaller)
    options.logger.error({ error }, 'a request failed')
    return refusal(500, 'Internal error')
  })
  return app
}

/** A declared length is what Node's parser lets through: no more comes. */
function boundBodies(
  options: PublicDoorOptions & {
    readonly group: RouteGroup
    readonly underWay: UnderWay
    readonly bytes: RateLimiter
  },
): MiddlewareHandler<DoorEnvironment> {
  const { group, underWay, bytes, callers, turnedAway, maxBodyBytes: usual } = options
  const { maxBodyBytes = usual } = group
  return async (context, next) => {
    const { incoming, outgoing } = context.env
    const caller = callers.callerOf(incoming)
    const place = underWay.begin(caller)
    if (place === undefined) {
      turnedAway('busy')
      return refusal(429, 'Too much from your address, or from all together, is under way: try again later')
    }
    // A stream's answer goes on when its handler has returned.
    outgoing.once('close', place.end)
    if (maxBodyBytes === 'stream') return await next()
    if (incoming.headers['transfer-encoding'] !== undefined) {
      return refusal(411, 'Send the body with a Content-Length')
    }
    const length = Number(incoming.headers['content-length'] ?? 0)
    if (length > maxBodyBytes) {
      turnedAway('size')
      return refusal(413, `The body is larger than ${maxBodyBytes} bytes`)
    }
    if (!place.grow(length)) {
      turnedAway('busy')
      return refusal(429, 'Too many bytes are under way: try again later')
    }
    if (!bytes.take(caller, length)) {
      turnedAway('bytes')
      return refusal(429, 'Too many bytes from your address: try again in a second')
    }
    return await next()
  }
}

const retrySeconds: Readonly<Record<number, string>> = { 429: '1', 503: '5' }

function refusal(status: number, error: string): Response {
  const headers = {
    'content-type': 'application/json',
    ...(retrySeconds[status] && { 'retry-after': retrySeconds[status] }),
  }
  return new Response(JSON.stringify({ error }), { status, headers })
}
