// Makes requests of a peer. Whatever the peer does, an answer or a problem comes within the times of the spec.
import type { Connection } from '@libp2p/interface'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Decoded, malformed } from '../codec/decoded.ts'
import type { GossipLimits } from '../limits.ts'
import { type ByteReader, createByteReader } from './byteReader.ts'
import { encodeChunk, readChunk, send } from './chunks.ts'
import { protocolOf, type RequestName, requestBounds, resultCode } from './protocols.ts'

export type Asking = {
  readonly connection: Connection
  /** Ends it before its time. */
  readonly signal: AbortSignal
  readonly limits: Pick<GossipLimits, 'firstByteMilliseconds' | 'responseMilliseconds'>
}

/** Resolves to the uncompressed answer. */
export async function request(
  { connection, signal, limits }: Asking,
  name: RequestName,
  content: Uint8Array,
): Promise<Decoded<Uint8Array>> {
  const firstByteTime = (): AbortSignal => AbortSignal.timeout(limits.firstByteMilliseconds)
  const time = AbortSignal.timeout(limits.firstByteMilliseconds + limits.responseMilliseconds)
  const whole = AbortSignal.any([signal, time])
  try {
    const opening = AbortSignal.any([whole, firstByteTime()])
    const stream = await connection.newStream(protocolOf(name), { signal: opening })
    try {
      await send(stream, encodeChunk(content), opening)
      // Closes our side: the whole question is told.
      stream.close({ signal: whole }).catch(() => undefined)
      return await readAnswer(
        createByteReader(stream, AbortSignal.any([whole, firstByteTime()])),
        name,
        whole,
      )
    } finally {
      // Nothing more is read; a peer that goes on sending is cut off.
      if (stream.status === 'open') stream.abort(new Error('The answer is over'))
    }
  } catch (error) {
    return malformed(`no answer to ${name}: ${reasonOf(error).slice(0, 200)}`)
  }
}

export async function readAnswer(
  reader: ByteReader,
  name: RequestName,
  whole: AbortSignal,
): Promise<Decoded<Uint8Array>> {
  const code = (await reader.read(1))?.[0]
  if (code === undefined) return malformed(`no answer to ${name}: the peer closed the stream`)
  if (code !== resultCode.success) return malformed(`the peer answers ${name} with result ${code}`)
  reader.within(whole)
  return await readChunk(reader, requestBounds[name].response)
}
