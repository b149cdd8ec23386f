// Answers the requests of peers: few streams at once, each within its time, paid for out of the peer's quota.
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Decoded } from '../codec/decoded.ts'
import type { GossipLimits } from '../limits.ts'
import { createByteReader } from './byteReader.ts'
import { encodeChunk, readChunk, send } from './chunks.ts'
import { protocolOf, type RequestName, requestBounds, resultCode } from './protocols.ts'

const mostStreamsPerConnection = 4
const mostMessageBytes = 256

export type RequestHandlers = Readonly<
  Record<RequestName, (content: Uint8Array, connection: Connection) => Decoded<Uint8Array>>
>

export type ServerOptions = {
  readonly libp2p: Pick<Libp2p, 'handle'>
  readonly handlers: RequestHandlers
  readonly limits: Pick<GossipLimits, 'responseMilliseconds'>
  /** False where the peer has asked too much. */
  mayAsk(peer: string, cost: number): boolean
  /** Told of what is no request. */
  onMalformed(peer: string, problem: string): void
  readonly logger: Logger
}

export async function serveRequests(options: ServerOptions): Promise<void> {
  const { libp2p, handlers, logger } = options

  async function answer(name: RequestName, stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    const signal = AbortSignal.timeout(options.limits.responseMilliseconds)
    try {
      if (!options.mayAsk(peer, requestBounds[name].cost)) {
        await tell(stream, resultCode.resourceUnavailable, 'too many requests', signal)
        return
      }
      const content = await readChunk(createByteReader(stream, signal), requestBounds[name].request)
      const response = content.ok ? handlers[name](content.value, connection) : content
      if (!response.ok) {
        options.onMalformed(peer, response.problem)
        await tell(stream, resultCode.invalidRequest, response.problem, signal)
        return
      }
      await send(stream, Uint8Array.of(resultCode.success), signal)
      await send(stream, encodeChunk(response.value), signal)
      await stream.close({ signal })
    } catch (error) {
      // Also whoever reads too slowly ends here.
      logger.debug({ peer, request: name, reason: reasonOf(error) }, 'a request came to nothing')
      stream.abort(new Error('The time for this request is over'))
    }
  }

  for (const name of Object.keys(handlers) as RequestName[]) {
    await libp2p.handle(protocolOf(name), (stream, connection) => answer(name, stream, connection), {
      maxInboundStreams: mostStreamsPerConnection,
      maxOutboundStreams: mostStreamsPerConnection,
    })
  }
}

async function tell(stream: Stream, code: number, words: string, signal: AbortSignal): Promise<void> {
  const message = Buffer.from(words, 'utf8').subarray(0, mostMessageBytes)
  await send(stream, Uint8Array.of(code), signal)
  await send(stream, encodeChunk(message), signal)
  await stream.close({ signal })
}
