// The door for SSH: bounds on who may knock, how often and for how long, before anything is decrypted; what is behind it is
// the machines' alone.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '@worldland-aa/service/clock'
import { type Callers, networkOf } from '@worldland-aa/service/http/callers'
import { connectionShares } from '@worldland-aa/service/http/connectionShares'
import { listenProblem } from '@worldland-aa/service/http/listenProblem'
import { createRateLimiter } from '@worldland-aa/service/http/rateLimiter'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import ssh2 from 'ssh2'
import type { MachineDriver } from '../../machines/machineDriver.ts'
import type { Admission } from '../admission.ts'
import type { Guests } from '../guests.ts'
import { algorithms } from './algorithms.ts'
import { serveConnection } from './connection.ts'

export type SshServerOptions = {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** As OpenSSH writes it. Never to be logged. */
  readonly hostKey: string
  readonly admission: Admission
  readonly guests: Guests
  readonly driver: Pick<MachineDriver, 'open' | 'find'>
  readonly callers: Pick<Callers, 'isTrusted'>
  readonly onEvent: (event: SshEvent) => void
  readonly clock: Clock
  readonly logger: Logger
}

/** `turnedAway`: before a handshake; `late`: not authenticated in time. */
export type SshEvent = 'turnedAway' | 'late' | 'refused' | 'admitted'

export type SshServer = Part & { port(): number }

const mostConnections = 512
const mostPerCaller = 64
/** Not authenticated yet: each costs a key exchange. */
const mostNewcomers = 256
const mostNewcomersPerCaller = 16
const newcomersPerSecond = 4
const newcomersBurstSeconds = 5
const authenticationMilliseconds = 20_000
const farewellMilliseconds = 1_000

export function createSshServer(options: SshServerOptions): SshServer {
  const { host, port, logger, onEvent, clock } = options
  const newcomers = new Map<string, Newcomer>()
  const sockets = new Set<Socket>()
  const rate = createRateLimiter({
    perSecond: newcomersPerSecond,
    burstSeconds: newcomersBurstSeconds,
    clock,
  })
  const protocol = new ssh2.Server({ hostKeys: [options.hostKey], ident: 'worldland', algorithms })
  let server: Server | undefined

  protocol.on('connection', (connection, { ip, port: peerPort }) => {
    const newcomer = newcomers.get(nameOf(ip, peerPort))
    if (newcomer === undefined) return void connection.end()
    serveConnection(connection, newcomer.socket, {
      ...options,
      onAdmitted() {
        newcomer.leave()
        onEvent('admitted')
      },
      onRefused: () => onEvent('refused'),
      onError: error => logger.error({ error }, 'an SSH connection failed'),
    })
  })

  function welcome(socket: Socket): void {
    const { remoteAddress, remotePort } = socket
    socket.on('error', () => socket.destroy())
    // Those beyond their caller's share are closed already.
    if (socket.destroyed || remoteAddress === undefined || remotePort === undefined) return
    const caller = networkOf(remoteAddress)
    const beside = [...newcomers.values()].filter(other => other.caller === caller).length
    const isRoom = newcomers.size < mostNewcomers && beside < mostNewcomersPerCaller
    if (!isRoom || !rate.take(caller, 1)) {
      onEvent('turnedAway')
      return void socket.destroy()
    }
    sockets.add(socket)
    const name = nameOf(remoteAddress, remotePort)
    const timer = setTimeout(() => {
      onEvent('late')
      socket.destroy()
    }, authenticationMilliseconds).unref()
    const leave = (): void => {
      clearTimeout(timer)
      newcomers.delete(name)
    }
    newcomers.set(name, { caller, socket, leave })
    socket.once('close', () => {
      leave()
      sockets.delete(socket)
    })
    // Once we have said our last, the peer has a moment to take its leave.
    socket.once('finish', () => setTimeout(() => socket.destroy(), farewellMilliseconds).unref())
    socket.setNoDelay(true)
    protocol.injectSocket(socket)
  }

  return {
    name: 'SSH door',
    port() {
      const address = server?.address() as AddressInfo | null | undefined
      if (!address) throw new Error('the SSH door is not listening yet')
      return address.port
    },
    async start() {
      const created = createServer()
      created.maxConnections = mostConnections
      const onClosed = (): void => onEvent('turnedAway')
      created.on('connection', connectionShares({ mostPerCaller, callers: options.callers, onClosed }))
      created.on('connection', welcome)
      await listen(created, host, port)
      server = created
    },
    async stop() {
      const closing = server
      server = undefined
      if (closing === undefined) return
      const closed = new Promise<void>(resolve => closing.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

type Newcomer = { readonly caller: string; readonly socket: Socket; readonly leave: () => void }

const nameOf = (address: string, port: number): string => `${address} ${port}`

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      const flags = { hostFlag: '--ssh-host', portFlag: '--ssh-port' }
      reject(listenProblem({ name: 'the SSH door', host, port, ...flags }, error))
    })
    server.listen(port, host, () => resolve())
  })
}
