// One SSH connection: it says who it is within bounds, and then has sessions and forwardings in the machine of its lease
// until its holder's right ends.
import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { AuthContext, Connection } from 'ssh2'
import type { MachineDriver } from '../../machines/machineDriver.ts'
import type { Admission, Admitted } from '../admission.ts'
import type { Guests } from '../guests.ts'
import { userOf } from '../leaseTerms.ts'
import { judgeAttempt } from './authenticate.ts'
import { forward, joinPort } from './forwarding.ts'
import { serveSession } from './session.ts'

export type ConnectionOptions = {
  readonly admission: Admission
  readonly guests: Guests
  readonly driver: Pick<MachineDriver, 'open' | 'find'>
  readonly onAdmitted: () => void
  readonly onRefused: () => void
  readonly onError: (error: unknown) => void
}

/** Clients offer each key that they have. */
const mostAttempts = 10
const mostChannels = 16
/** Of what a channel holds unread: twice what an honest client may send ahead. */
const mostUnreadBytes = 4 * 1024 * 1024
/** For our last words to reach a peer that reads. */
const farewellMilliseconds = 1_000

export function serveConnection(connection: Connection, socket: Socket, options: ConnectionOptions): void {
  const { admission, guests, driver, onError } = options
  const channels = new Set<unknown>()
  const streams = new Set<Readable>()
  let attempts = 0
  let connecting = 0

  let isEnding = false
  /** Whatever the peer does: one that does not read keeps nothing open, and what it still sends reaches no machine. */
  function end(): void {
    if (isEnding) return
    isEnding = true
    connection.end()
    socket.removeAllListeners('data').resume()
    setTimeout(() => socket.destroy(), farewellMilliseconds).unref()
  }

  async function judge(context: AuthContext): Promise<void> {
    const judgement = await judgeAttempt(admission, context)
    if (judgement.kind === 'unproven') return context.accept()
    if (judgement.kind !== 'admitted') return refuse(context)
    const leave = guests.enter({ ...judgement.guest, putOut: end })
    if (leave === undefined) return refuse(context)
    if (socket.destroyed) return leave()
    socket.once('close', leave)
    admitted = judgement.guest
    options.onAdmitted()
    context.accept()
  }

  function refuse(context: AuthContext): void {
    options.onRefused()
    context.reject(['publickey', 'password'])
  }

  let admitted: Admitted | undefined
  connection.on('authentication', context => {
    if (context.method === 'none') return context.reject(['publickey', 'password'])
    if (++attempts > mostAttempts) return end()
    judge(context).catch(error => {
      onError(error)
      end()
    })
  })

  /** The channel counts until it is closed. */
  function count<Channel extends EventEmitter>(channel: Channel): Channel {
    channels.add(channel)
    channel.once('close', () => channels.delete(channel))
    return channel
  }

  function watch(stream: Readable): void {
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
  }

  connection.on('ready', () => {
    if (admitted === undefined) return end()
    const machineKey = userOf(admitted.leaseId)
    connection.on('session', (accept, reject) => {
      if (channels.size >= mostChannels) return reject()
      serveSession(count(accept()), { driver, machineKey, onStream: watch, onAbuse: end, onError })
    })
    connection.on('tcpip', (accept, reject, info) => {
      if (channels.size + connecting >= mostChannels) return reject()
      connecting++
      forward({ driver, machineKey }, info)
        .then(
          target => {
            if (target === undefined) return reject()
            const channel = count(accept())
            watch(channel)
            joinPort(channel, target)
          },
          error => {
            onError(error)
            reject()
          },
        )
        .finally(() => connecting--)
    })
  })
  // The library takes more than it allowed its peer to send.
  socket.on('data', () => {
    for (const { readableLength } of streams) if (readableLength > mostUnreadBytes) return end()
  })
  // A peer that breaks off, or speaks something else.
  connection.on('error', () => socket.destroy())
}
