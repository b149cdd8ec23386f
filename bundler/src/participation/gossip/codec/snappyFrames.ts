// The snappy framing format (google/snappy, framing_format.txt): chunks of at most 64 KiB, each with its checksum.
import { maskedChecksum } from './crc32c.ts'
import { type Decoded, decoded, malformed } from './decoded.ts'
import { compressBlock, mostCompressedBytes, uncompressBlock } from './snappyBlock.ts'

const mostBytesPerChunk = 65_536
const checksumBytes = 4
const headerBytes = 4
const kinds = { compressed: 0x00, uncompressed: 0x01, padding: 0xfe, stream: 0xff } as const
const streamIdentifier = Uint8Array.of(0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59)
const streamName = streamIdentifier.subarray(headerBytes)

/** Reads exactly so many bytes; undefined when the stream ends before. */
export type ByteSource = { read(count: number): Promise<Uint8Array | undefined> }

export function encodeFrames(bytes: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [streamIdentifier]
  for (let at = 0; at < bytes.length; at += mostBytesPerChunk) {
    const part = bytes.subarray(at, at + mostBytesPerChunk)
    const compressed = compressBlock(part)
    const isSmaller = compressed.length < part.length
    chunks.push(chunk(isSmaller ? kinds.compressed : kinds.uncompressed, part, isSmaller ? compressed : part))
  }
  return Buffer.concat(chunks)
}

function chunk(kind: number, part: Uint8Array, content: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(headerBytes + checksumBytes + content.length)
  framed.writeUIntLE(kind, 0, 1)
  framed.writeUIntLE(checksumBytes + content.length, 1, 3)
  framed.writeUInt32LE(maskedChecksum(part), headerBytes)
  framed.set(content, headerBytes + checksumBytes)
  return framed
}

/**
 * Reads chunks until `length` bytes are there, which the caller has held against what he takes. No chunk is read whose
 * length cannot be right, and no more of them than can be needed.
 */
export async function decodeFrames(source: ByteSource, length: number): Promise<Decoded<Uint8Array>> {
  const output = new Uint8Array(length)
  let filled = 0
  /** The first chunk names the format; of empty and skippable chunks there may be a few, not without end. */
  let idleChunks = 0
  let isNamed = false
  while (filled < length || !isNamed) {
    const header = await source.read(headerBytes)
    if (header === undefined) return malformed('the stream ends before its content')
    const kind = header[0] ?? 0
    const size = (header[1] ?? 0) | ((header[2] ?? 0) << 8) | ((header[3] ?? 0) << 16)
    if (size > checksumBytes + mostCompressedBytes(mostBytesPerChunk)) {
      return malformed(`a chunk claims ${size} bytes`)
    }
    if (!isNamed && kind !== kinds.stream) return malformed('the stream does not begin with its identifier')
    const content = await source.read(size)
    if (content === undefined) return malformed('the stream ends within a chunk')
    if (kind === kinds.stream) {
      if (Buffer.compare(content, streamName) !== 0) return malformed('the stream identifier is another')
      isNamed = true
      idleChunks++
    } else if (kind === kinds.compressed || kind === kinds.uncompressed) {
      const part = readChunk(kind, content, length - filled)
      if (!part.ok) return part
      output.set(part.value, filled)
      filled += part.value.length
      if (part.value.length === 0) idleChunks++
    } else if (kind < 0x80) return malformed(`chunk type ${kind} may not be skipped`)
    else idleChunks++
    if (idleChunks > 8) return malformed('the stream holds too many chunks without content')
  }
  return decoded(output)
}

function readChunk(kind: number, content: Uint8Array, mostBytes: number): Decoded<Uint8Array> {
  if (content.length < checksumBytes) return malformed('a chunk is shorter than its checksum')
  const body = content.subarray(checksumBytes)
  const most = Math.min(mostBytes, mostBytesPerChunk)
  if (kind === kinds.uncompressed && body.length > most) {
    return malformed('a chunk holds more than the length that was told')
  }
  const part = kind === kinds.compressed ? uncompressBlock(body, most) : decoded(body)
  if (!part.ok) return part
  if (
    Buffer.from(content.buffer, content.byteOffset, checksumBytes).readUInt32LE() !==
    maskedChecksum(part.value)
  ) {
    return malformed('the checksum of a chunk is wrong')
  }
  return part
}
