// What is served where: JSON-RPC at / and /rpc, /health, /metrics, and what a daemon serves beside. Nothing is without a
// limit: a request costs its caller a call, a body its bytes, and what is under way its place.
import { Hono, type MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { Registry } from 'prom-client'
import type { Clock } from '../clock.ts'
import type { Dispatcher } from '../jsonRpc/dispatcher.ts'
import { answerText } from '../jsonRpc/exactIds.ts'
import { type RpcResponse, rpcErrorCode } from '../jsonRpc/protocol.ts'
import type { Logger } from '../logger.ts'
import { accept, type Refusal } from '../result.ts'
import type { Callers } from './callers.ts'
import { type Identify, type Identity, readCredentials } from './credentials.ts'
import type { TurnedAway } from './doorMetrics.ts'
import { createRateLimiter } from './rateLimiter.ts'
import { readBody } from './readBody.ts'
import { sharedAnswer } from './sharedAnswer.ts'
import { answerBySite, type Site, type SiteBindings, siteAt } from './site.ts'
import { createUnderWay } from './underWay.ts'

export type AppOptions = {
  readonly dispatcher: Dispatcher
  readonly registry: Registry
  readonly health: () => Promise<{ readonly healthy: boolean }> | { readonly healthy: boolean }
  readonly maxBodyBytes: number
  /** Calls a second for one caller; 0 means no limit. */
  readonly callsPerSecond: number
  /** Of bodies, a second, for one caller; 0 means no limit. */
  readonly bytesPerSecond: number
  readonly callers: Callers
  /** Who calls by a key; absent where keys mean nothing to this daemon. */
  readonly identify?: Identify | undefined
  readonly turnedAway: TurnedAway
  readonly sites: readonly Site[]
  readonly clock: Clock
  readonly logger: Logger
}

type Environment = { Bindings: SiteBindings }

const rpcPaths: readonly string[] = ['/', '/rpc']

const mebibyte = 1024 * 1024
const mostUnderWay = {
  requests: 2_048,
  requestsPerCaller: 256,
  bytes: 64 * mebibyte,
  bytesPerCaller: 8 * mebibyte,
}

export function createApp(options: AppOptions): Hono<Environment> {
  const { dispatcher, registry, callers, turnedAway, sites, clock, maxBodyBytes } = options
  const calls = createRateLimiter({ perSecond: options.callsPerSecond, clock })
  /** Apart from the calls: whoever watches over a busy daemon from where its callers are must not lose sight of it. */
  const looks = createRateLimiter({ perSecond: options.callsPerSecond, clock })
  const bytes = createRateLimiter({ perSecond: options.bytesPerSecond, clock })
  const underWay = createUnderWay({
    ...mostUnderWay,
    bytes: Math.max(mostUnderWay.bytes, 8 * maxBodyBytes),
    bytesPerCaller: Math.max(mostUnderWay.bytesPerCaller, maxBodyBytes),
  })

  function refused(reason: Parameters<TurnedAway>[0], status: number, message: string): Response {
    turnedAway(reason)
    return json(failure(rpcErrorCode.limitExceeded, message), status)
  }

  /** All but JSON-RPC, whose calls are counted once its body is read. */
  const limitRequests: MiddlewareHandler<Environment> = async (context, next) => {
    const { method, path } = context.req
    if (method === 'POST' && rpcPaths.includes(path)) return await next()
    if (looks.take(callers.callerOf(context.env.incoming), 1)) return await next()
    const site = siteAt(sites, path)
    if (site !== undefined) {
      turnedAway('calls')
      return site.refuse(429, tooMany)
    }
    return refused('calls', 429, tooMany)
  }

  const app = new Hono<Environment>()
  app.use(limitRequests)
  // Before what anyone's page may ask: a site says by itself to whom it answers.
  app.use(async (context, next) => {
    const site = siteAt(sites, context.req.path)
    if (site === undefined) return await next()
    const limits = { callers, bytes, underWay, maxBodyBytes, turnedAway }
    return await answerBySite(site, context.req.raw, context.env, limits)
  })
  app.options('*', cors({ origin: '*', allowMethods: ['GET', 'POST', 'OPTIONS'], maxAge: 86_400 }))
  for (const path of rpcPaths) {
    app.post(path, async context => {
      const { incoming } = context.env
      const address = callers.callerOf(incoming)
      const place = underWay.begin(address)
      if (place === undefined) return refused('busy', 429, tooMuchUnderWay)
      try {
        const credentials = readCredentials(incoming)
        const identified = options.identify?.(credentials, address) ?? accept<Identity>({ caller: address })
        if (!identified.ok) {
          // Whoever guesses pays for it as for any call.
          if (!calls.take(address, 1)) return refused('calls', 429, tooMany)
          return refusedKey(identified.refusal)
        }
        const { caller, apiKeyId, admit } = identified.value
        const body = await readBody(incoming, {
          maxBytes: maxBodyBytes,
          admit: length => place.grow(length) && bytes.take(address, length),
        })
        if (body.kind === 'tooLarge')
          return refused('size', 413, `The body is larger than ${maxBodyBytes} bytes`)
        if (body.kind === 'refused') return refused('bytes', 429, tooManyBytes)
        // Nobody hears this.
        if (body.kind === 'gone') return new Response(null, { status: 400 })
        const { signal } = context.req.raw
        const call = { caller, address, signal, credentials, ...(apiKeyId && { apiKeyId }) }
        let beyondKey: Refusal | undefined
        const answer = await dispatcher.handle(body.text, call, count => {
          beyondKey = admit?.(count)
          const isAdmitted = beyondKey === undefined && (admit !== undefined || calls.take(caller, count))
          if (!isAdmitted) turnedAway('calls')
          return isAdmitted
        })
        if (beyondKey !== undefined) return refusedKey(beyondKey)
        if (answer === null) return new Response(null, { status: 204, headers: anyOrigin })
        return new Response(answerText(answer), { status: statusOf(answer), headers: jsonHeaders })
      } finally {
        place.end()
      }
    })
  }
  const health = sharedAnswer(options.health, clock)
  app.get('/health', async () => {
    const answer = await health()
    return json(answer, answer.healthy ? 200 : 503)
  })
  const metrics = sharedAnswer(() => registry.metrics(), clock)
  app.get('/metrics', async () => {
    const headers = { ...anyOrigin, 'content-type': registry.contentType }
    return new Response(await metrics(), { headers })
  })
  app.notFound(context =>
    json(
      failure(
        rpcErrorCode.invalidRequest,
        `Nothing is served at ${context.req.method} ${context.req.path}: POST JSON-RPC to / or /rpc, GET /health or /metrics`,
      ),
      404,
    ),
  )
  app.onError(error => {
    options.logger.error({ error }, 'an HTTP request failed')
    return json(failure(rpcErrorCode.internal, 'Internal error'), 500)
  })
  return app
}

const tooMany = 'Too many requests from your address: slow down and try again in a second'
const tooManyBytes = 'Too many bytes from your address: send less, or try again in a second'
const tooMuchUnderWay =
  'Too much from your address, or from all together, is under way: try again when an answer has come'

/** What an answer says of a key, its status says as well; a batch may say several things. */
function statusOf(answer: RpcResponse | readonly RpcResponse[]): number {
  return 'error' in answer ? (keyStatuses[answer.error.code] ?? 200) : 200
}

const keyStatuses: Readonly<Record<number, number>> = {
  [rpcErrorCode.unauthenticated]: 401,
  [rpcErrorCode.forbidden]: 403,
}

function refusedKey(refusal: Refusal): Response {
  const body = { jsonrpc: '2.0' as const, id: null, error: refusal }
  return json(body, keyStatuses[refusal.code] ?? 429)
}

/** For pages of anyone's: whoever may call from a shell may call from a browser. */
const anyOrigin = { 'access-control-allow-origin': '*' }
const jsonHeaders = { ...anyOrigin, 'content-type': 'application/json' }

/** The framework's own way, by headers that are set one by one, makes a stream of every answer. */
function json(value: object, status = 200): Response {
  const headers = status === 429 ? { ...jsonHeaders, 'retry-after': '1' } : jsonHeaders
  return new Response(JSON.stringify(value), { status, headers })
}

function failure(code: number, message: string) {
  return { jsonrpc: '2.0' as const, id: null, error: { code, message } }
}
