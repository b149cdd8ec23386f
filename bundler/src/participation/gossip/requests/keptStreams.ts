// Streams that stay open from one request to the next: to open one takes longer than to be answered on it.
import type { Connection, Stream } from '@libp2p/interface'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Decoded, malformed } from '../codec/decoded.ts'
import { type ByteReader, createByteReader } from './byteReader.ts'
import { encodeChunk, send } from './chunks.ts'
import { type Asking, readAnswer } from './client.ts'
import { protocolOf, type RequestName } from './protocols.ts'

export type KeptStreams = {
  /** Has one open to this peer, for a request to come. Rejects where it cannot. */
  prepare(asking: Asking): Promise<void>
  /** Resolves to the uncompressed answer. */
  request(asking: Asking, content: Uint8Array): Promise<Decoded<Uint8Array>>
}

type Kept = { readonly stream: Stream; readonly reader: ByteReader }

export function createKeptStreams(name: RequestName): KeptStreams {
  const free = new WeakMap<Connection, Kept[]>()
  const preparing = new WeakSet<Connection>()

  function freeOf(connection: Connection): Kept[] {
    const kept = (free.get(connection) ?? []).filter(({ stream }) => {
      const isOpen = stream.status === 'open' && stream.remoteWriteStatus === 'writable'
      if (!isOpen) stream.abort(new Error('The peer keeps it open no longer'))
      return isOpen
    })
    free.set(connection, kept)
    return kept
  }

  async function open(connection: Connection, signal: AbortSignal): Promise<Kept> {
    const stream = await connection.newStream(protocolOf(name), { signal })
    return { stream, reader: createByteReader(stream, signal) }
  }

  return {
    async prepare({ connection, signal, limits }) {
      if (preparing.has(connection) || freeOf(connection).length > 0) return
      preparing.add(connection)
      try {
        const opening = AbortSignal.any([signal, AbortSignal.timeout(limits.firstByteMilliseconds)])
        const kept = await open(connection, opening)
        freeOf(connection).push(kept)
      } finally {
        preparing.delete(connection)
      }
    },
    async request({ connection, signal, limits }, content) {
      const { firstByteMilliseconds, responseMilliseconds } = limits
      const time = AbortSignal.timeout(firstByteMilliseconds + responseMilliseconds)
      const whole = AbortSignal.any([signal, time])
      const untilFirst = AbortSignal.any([whole, AbortSignal.timeout(firstByteMilliseconds)])
      let kept: Kept | undefined
      let isWhole = false
      try {
        kept = freeOf(connection).pop() ?? (await open(connection, untilFirst))
        kept.reader.within(untilFirst)
        await send(kept.stream, encodeChunk(content), untilFirst)
        const answer = await readAnswer(kept.reader, name, whole)
        isWhole = answer.ok
        return answer
      } catch (error) {
        return malformed(`no answer to ${name}: ${reasonOf(error).slice(0, 200)}`)
      } finally {
        if (isWhole && kept !== undefined) freeOf(connection).push(kept)
        else kept?.stream.abort(new Error('The answer is over'))
      }
    },
  }
}
