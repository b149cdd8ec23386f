// The HTTP face of a daemon: a listening socket, and limits on what comes through it before anything is read.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Registry } from 'prom-client'
import type { Clock } from '../clock.ts'
import type { Dispatcher } from '../jsonRpc/dispatcher.ts'
import type { Part } from '../lifecycle.ts'
import type { Logger } from '../logger.ts'
import { watchAnswers } from './answersUnderWay.ts'
import { createApp } from './app.ts'
import { createCallers } from './callers.ts'
import { connectionShares } from './connectionShares.ts'
import type { Identify } from './credentials.ts'
import { createDoorMetrics } from './doorMetrics.ts'
import { listenProblem } from './listenProblem.ts'
import { oneAtATime } from './oneAtATime.ts'
import type { Site } from './site.ts'

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
  /** Calls a second for one caller; 0 means no limit. */
  readonly callsPerSecond: number
  /** Of bodies, a second, for one caller; 0 means no limit. */
  readonly bytesPerSecond: number
  /** Addresses and networks whose word on who calls is taken. */
  readonly trustedProxies: readonly string[]
  /** Beside JSON-RPC, /health and /metrics; none where absent. */
  readonly sites?: readonly Site[]
  /** Who calls by a key; absent where keys mean nothing to this daemon. */
  readonly identify?: Identify | undefined
  readonly clock: Clock
  readonly logger: Logger
}

export type HttpServer = Part & { url(): string }

const headersTimeoutMilliseconds = 10_000
const requestTimeoutMilliseconds = 30_000
const keepAliveTimeoutMilliseconds = 15_000
/** How often Node looks who has had his time. */
const checkingMilliseconds = 5_000
/** For an answer to be taken. */
const answerMilliseconds = 20_000
/** For what is being answered when it stops, beyond its connection. */
const answersMilliseconds = 5_000
/** Of all connections, for one caller. */
const connectionShare = 4

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const callers = createCallers(options.trustedProxies)
  const turnedAway = createDoorMetrics(options.registry)
  const answers = watchAnswers(options.dispatcher, options.sites ?? [])
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
      const listener = getRequestListener(
        createApp({ ...options, dispatcher: answers.dispatcher, sites: answers.sites, callers, turnedAway })
          .fetch,
      )
      const created = createServer(
        {
          headersTimeout: headersTimeoutMilliseconds,
          requestTimeout: requestTimeoutMilliseconds,
          keepAliveTimeout: keepAliveTimeoutMilliseconds,
          connectionsCheckingInterval: checkingMilliseconds,
        },
        oneAtATime((incoming, outgoing) => void listener(incoming, outgoing), {
          answerMilliseconds,
          onClosed: turnedAway,
        }),
      )
      created.maxConnections = options.maxConnections
      created.on(
        'connection',
        connectionShares({
          mostPerCaller: Math.ceil(options.maxConnections / connectionShare),
          callers,
          onClosed: () => turnedAway('connections'),
        }),
      )
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
      await answers.settled(answersMilliseconds)
    },
  }
}

async function listen(server: Server, { host, port }: HttpServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      reject(listenProblem({ name: 'the server', host, port, hostFlag: '--host', portFlag: '--port' }, error))
    })
    server.listen(port, host, () => resolve())
  })
}
