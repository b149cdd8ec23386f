// The HTTP face of a daemon: JSON-RPC at / and /rpc, /health, /metrics, all under limits.

import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import type { Registry } from 'prom-client'
import type { Clock } from '../clock.ts'
import type { Dispatcher } from '../jsonRpc/dispatcher.ts'
import { rpcErrorCode } from '../jsonRpc/protocol.ts'
import type { Part } from '../lifecycle.ts'
import type { Logger } from '../logger.ts'
import { createRateLimiter } from './rateLimiter.ts'

/** What /health answers: 200 when every check holds, else 503, with the reasons by name. */
export type Health = { readonly healthy: boolean; readonly checks: Readonly<Record<string, string>> }

export type HttpServerOptions = {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly dispatcher: Dispatcher
  readonly registry: Registry
  readonly health: () => Promise<Health> | Health
  readonly maxBodyBytes: number
  readonly maxConnections: number
  /** Calls a second for one caller's address; 0 means no limit. */
  readonly callsPerSecond: number
  readonly clock: Clock
  readonly logger: Logger
}

export type HttpServer = Part & { url(): string }

const headersTimeoutMilliseconds = 10_000
const requestTimeoutMilliseconds = 30_000
const keepAliveTimeoutMilliseconds = 15_000

export function createHttpServer(options: HttpServerOptions): HttpServer {
  let server: Server | undefined
  return {
    name: 'http',
    url() {
      const address = server?.address() as AddressInfo | null | undefined
      if (!address) throw new Error('the HTTP server is not listening yet')
      const host = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host
      return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
    },
    async start() {
      const created = createAdaptorServer({ fetch: createApp(options).fetch }) as Server
      created.maxConnections = options.maxConnections
      created.headersTimeout = headersTimeoutMilliseconds
      created.requestTimeout = requestTimeoutMilliseconds
      created.keepAliveTimeout = keepAliveTimeoutMilliseconds
      await listen(created, options)
      server = created
    },
    async stop() {
      if (server === undefined) return
      const closing = server
      server = undefined
      await new Promise<void>(resolve => {
        closing.close(() => resolve())
        closing.closeIdleConnections()
        // A caller that never finishes must not hold a shutdown.
        setTimeout(() => closing.closeAllConnections(), 2_000).unref()
      })
    },
  }
}

type Environment = { Bindings: HttpBindings }

function createApp(options: HttpServerOptions): Hono<Environment> {
  const limiter = createRateLimiter({ callsPerSecond: options.callsPerSecond, clock: options.clock })
  const app = new Hono<Environment>()
  app.options('*', cors({ origin: '*', allowMethods: ['GET', 'POST', 'OPTIONS'], maxAge: 86_400 }))
  app.use(limitBody(options.maxBodyBytes))
  for (const path of ['/', '/rpc']) {
    app.post(path, async context => {
      const caller = context.env.incoming.socket.remoteAddress ?? 'unknown'
      const call = { caller, signal: context.req.raw.signal }
      const answer = await options.dispatcher.handle(await context.req.text(), call, calls =>
        limiter.take(caller, calls),
      )
      return answer === null ? new Response(null, { status: 204, headers: anyOrigin }) : json(answer)
    })
  }
  app.get('/health', async () => {
    const health = await options.health()
    return json(health, health.healthy ? 200 : 503)
  })
  app.get('/metrics', async () => {
    const headers = { ...anyOrigin, 'content-type': options.registry.contentType }
    return new Response(await options.registry.metrics(), { headers })
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

/** A declared length is believed, for Node reads no further: only a body without one takes counting as it comes. */
function limitBody(maxBytes: number): MiddlewareHandler<Environment> {
  const tooLarge = (): Response =>
    json(failure(rpcErrorCode.limitExceeded, `The body is larger than ${maxBytes} bytes`), 413)
  const counting = bodyLimit({ maxSize: maxBytes, onError: tooLarge })
  return async (context, next) => {
    const { 'content-length': declared, 'transfer-encoding': encoding } = context.env.incoming.headers
    if (declared === undefined || encoding !== undefined) return await counting(context, next)
    return Number(declared) > maxBytes ? tooLarge() : await next()
  }
}

/** For pages of anyone's: whoever may call from a shell may call from a browser. */
const anyOrigin = { 'access-control-allow-origin': '*' }
const jsonHeaders = { ...anyOrigin, 'content-type': 'application/json' }

/** The framework's own way, by headers that are set one by one, makes a stream of every answer. */
function json(value: object, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: jsonHeaders })
}

function failure(code: number, message: string) {
  return { jsonrpc: '2.0' as const, id: null, error: { code, message } }
}

async function listen(server: Server, { host, port }: HttpServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      const code = (error as NodeJS.ErrnoException).code
      const hint =
        code === 'EADDRINUSE' ? `port ${port} on ${host} is in use: choose another with --port` : code
      reject(new Error(`Cannot listen on ${host}:${port}: ${hint}`, { cause: error }))
    })
    server.listen(port, host, () => resolve())
  })
}
