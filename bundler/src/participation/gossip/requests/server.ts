// Answers the requests of peers: few streams at once, each within its time, paid for out of the peer's quota.
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Decoded } from '../codec/decoded.ts'
import type { GossipLimits } from '../limits.ts'
import { type ByteReader, createByteReader } from './byteReader.ts'
import { encodeChunk, readChunk, send } from './chunks.ts'
import { protocolOf, type RequestName, requestBounds, resultCode } from './protocols.ts'

const mostMessageBytes = 256

export type RequestHandlers = Readonly<
  Record<
    RequestName,
    (content: Uint8Array, connection: Connection) => Decoded<Uint8Array> | Promise<Decoded<Uint8Array>>
  >
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

type Asked = { readonly stream: Stream; readonly reader: ByteReader; readonly connection: Connection }

export async function serveRequests(options: ServerOptions): Promise<void> {
  const { libp2p, handlers, logger } = options

  /** Answers whether one more may follow on this stream. */
  async function answerOne(
    name: RequestName,
    { stream, reader, connection }: Asked,
    signal: AbortSignal,
  ): Promise<boolean> {
    const peer = connection.remotePeer.toString()
    if (!options.mayAsk(peer, requestBounds[name].cost)) {
      await tell(stream, resultCode.resourceUnavailable, 'too many requests', signal)
      return false
    }
    reader.within(signal)
    const content = await readChunk(reader, requestBounds[name].request)
    const response = content.ok ? await handlers[name](content.value, connection) : content
    if (!response.ok) {
      options.onMalformed(peer, response.problem)
      await tell(stream, resultCode.invalidRequest, response.problem, signal)
      return false
    }
    // In one piece: each that is sent wakes the other side.
    const answered = Buffer.concat([Uint8Array.of(resultCode.success), encodeChunk(response.value)])
    await send(stream, answered, signal)
    return true
  }

  async function answer(name: RequestName, stream: Stream, connection: Connection): Promise<void> {
    const { keptMilliseconds } = requestBounds[name]
    const inTime = (): AbortSignal => AbortSignal.timeout(options.limits.responseMilliseconds)
    const reader = createByteReader(stream, inTime())
    const asked = { stream, reader, connection }
    try {
      if (keptMilliseconds === undefined) {
        const signal = inTime()
        if (await answerOne(name, asked, signal)) await stream.close({ signal })
        return
      }
      do {
        reader.within(AbortSignal.timeout(keptMilliseconds))
      } while (!(await reader.isAtEnd()) && (await answerOne(name, asked, inTime())))
      await stream.close({ signal: inTime() })
    } catch (error) {
      // Also whoever reads too slowly ends here.
      logger.debug(
        { peer: connection.remotePeer.toString(), request: name, reason: reasonOf(error) },
        'a request came to nothing',
      )
      stream.abort(new Error('The time for this request is over'))
    }
  }

  for (const name of Object.keys(handlers) as RequestName[]) {
    await libp2p.handle(protocolOf(name), (stream, connection) => answer(name, stream, connection), {
      maxInboundStreams: requestBounds[name].streams,
      maxOutboundStreams: requestBounds[name].streams,
    })
  }
}

async function tell(stream: Stream, code: number, words: string, signal: AbortSignal): Promise<void> {
  const message = Buffer.from(words, 'utf8').subarray(0, mostMessageBytes)
  await send(stream, Uint8Array.of(code), signal)
  await send(stream, encodeChunk(message), signal)
  await stream.close({ signal })
}
