// What goes over the stream of a request: a varint of the uncompressed length, then snappy frames; before an answer
// a byte that says how it went.
import type { Stream } from '@libp2p/interface'
import { type Decoded, malformed } from '../codec/decoded.ts'
import { type ByteSource, decodeFrames, encodeFrames } from '../codec/snappyFrames.ts'

/** Of a varint of 64 bits. */
const mostVarintBytes = 10
const piece = 65_536

export function encodeChunk(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint(bytes.length), encodeFrames(bytes)])
}

/** Refuses a length above `mostBytes` before it reads on. */
export async function readChunk(source: ByteSource, mostBytes: number): Promise<Decoded<Uint8Array>> {
  let length = 0
  for (let index = 0; ; index++) {
    const byte = (await source.read(1))?.[0]
    if (byte === undefined) return malformed('the stream ends before its length')
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (length > mostBytes) return malformed(`it claims ${length} bytes: at most ${mostBytes}`)
    if (byte < 0x80) break
    if (index + 1 === mostVarintBytes) return malformed('its length is no varint')
  }
  return await decodeFrames(source, length)
}

/** Waits for whoever reads slowly, as long as the signal lets it. */
export async function send(stream: Stream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let at = 0; at < bytes.length; at += piece) {
    signal.throwIfAborted()
    if (!stream.send(bytes.subarray(at, at + piece))) await stream.onDrain({ signal })
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  return Uint8Array.of(...bytes, rest)
}
