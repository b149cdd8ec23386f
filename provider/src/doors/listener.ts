// A listening HTTP socket with bounds on what comes through it before anything is read. Answers may take as long as they
// like: long polls and streams do.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Callers } from '@worldland-aa/service/http/callers'
import { connectionShares } from '@worldland-aa/service/http/connectionShares'
import type { TurnedAway } from '@worldland-aa/service/http/doorMetrics'
import { listenProblem } from '@worldland-aa/service/http/listenProblem'
import { oneAtATime } from '@worldland-aa/service/http/oneAtATime'
import type { Part } from '@worldland-aa/service/lifecycle'

/** Takes the socket over: for WebSockets. It must bear a peer that breaks off at any byte. */
export type Upgrade = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void

export type ListenerOptions = {
  readonly name: string
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** The flags by which an operator chooses another address and port. */
  readonly hostFlag: string
  readonly portFlag: string
  readonly answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void
  readonly upgrade?: Upgrade | undefined
  readonly maxConnections: number
  readonly callers: Pick<Callers, 'isTrusted'>
  readonly turnedAway: TurnedAway
}

export type Listener = Part & { url(): string }

const headersTimeoutMilliseconds = 10_000
/** For a request to come in whole; uploads come in pieces. */
const requestTimeoutMilliseconds = 120_000
const keepAliveTimeoutMilliseconds = 15_000
/** How often Node looks who has had his time. */
const checkingMilliseconds = 5_000
/** For the end of an answer to be taken. */
const answerMilliseconds = 20_000
/** For answers under way, at a stop. */
const stopMilliseconds = 2_000
/** Of all connections, for one caller. */
const connectionShare = 4

export function createListener(options: ListenerOptions): Listener {
  const { host, turnedAway, maxConnections, callers } = options
  const upgraded = new Set<Duplex>()
  let server: Server | undefined

  function takeOver(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    // Without a listener, a peer that breaks off would end the process.
    socket.on('error', () => socket.destroy())
    if (options.upgrade === undefined) socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
    else options.upgrade(incoming, socket, head)
  }

  return {
    name: options.name,
    url() {
      const address = server?.address() as AddressInfo | null | undefined
      if (!address) throw new Error(`the ${options.name} is not listening yet`)
      const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
      return `http://${shown.includes(':') ? `[${shown}]` : shown}:${address.port}`
    },
    async start() {
      const answer: RequestListener = (incoming, outgoing) => options.answer(incoming, outgoing)
      const created = createServer(
        {
          headersTimeout: headersTimeoutMilliseconds,
          requestTimeout: requestTimeoutMilliseconds,
          keepAliveTimeout: keepAliveTimeoutMilliseconds,
          connectionsCheckingInterval: checkingMilliseconds,
        },
        oneAtATime(answer, { answerMilliseconds, onClosed: turnedAway }),
      )
      created.maxConnections = maxConnections
      created.on(
        'connection',
        connectionShares({
          mostPerCaller: Math.ceil(maxConnections / connectionShare),
          callers,
          onClosed: () => turnedAway('connections'),
        }),
      )
      created.on('upgrade', takeOver)
      await listen(created, options)
      server = created
    },
    async stop() {
      const closing = server
      server = undefined
      if (closing === undefined) return
      for (const socket of upgraded) socket.destroy()
      await new Promise<void>(resolve => {
        closing.close(() => resolve())
        closing.closeIdleConnections()
        // A long poll or a stream must not hold a shutdown.
        setTimeout(() => closing.closeAllConnections(), stopMilliseconds).unref()
      })
    },
  }
}

async function listen(
  server: Server,
  { name, host, port, hostFlag, portFlag }: ListenerOptions,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      reject(listenProblem({ name: `the ${name}`, host, port, hostFlag, portFlag }, error))
    })
    server.listen(port, host, () => resolve())
  })
}
