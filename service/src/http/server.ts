// The HTTP face of a daemon: JSON-RPC at / and /rpc, /health, /metrics, all under limits.

import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
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

function createApp(options: HttpServerOptions): Hono<{ Bindings: HttpBindings }> {
  const limiter = createRateLimiter({ callsPerSecond: options.callsPerSecond, clock: options.clock })
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(cors({ origin: '*', allowMethods: ['GET', 'POST', 'OPTIONS'], maxAge: 86_400 }))
  app.use(
    bodyLimit({
      maxSize: options.maxBodyBytes,
      onError: context =>
        context.json(
          failure(rpcErrorCode.limitExceeded, `The body is larger than ${options.maxBodyBytes} bytes`),
          413,
        ),
    }),
  )
  for (const path of ['/', '/rpc']) {
    app.post(path, async context => {
      const caller = context.env.incoming.socket.remoteAddress ?? 'unknown'
      const answer = await options.dispatcher.handle(await context.req.text(), calls =>
        limiter.take(caller, calls),
      )
      return answer === null ? context.body(null, 204) : context.json(answer)
    })
  }
  app.get('/health', async context => {
    const health = await options.health()
    return context.json(health, health.healthy ? 200 : 503)
  })
  app.get('/metrics', async context =>
    context.body(await options.registry.metrics(), 200, { 'content-type': options.registry.contentType }),
  )
  app.notFound(context =>
    context.json(
      failure(
        rpcErrorCode.invalidRequest,
        `Nothing is served at ${context.req.method} ${context.req.path}: POST JSON-RPC to / or /rpc, GET /health or /metrics`,
      ),
      404,
    ),
  )
  app.onError((error, context) => {
    options.logger.error({ error }, 'an HTTP request failed')
    return context.json(failure(rpcErrorCode.internal, 'Internal error'), 500)
  })
  return app
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
