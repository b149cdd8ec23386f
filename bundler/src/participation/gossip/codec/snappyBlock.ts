// The snappy block format (google/snappy, format_description.txt). Compressed by snappyjs; uncompressed here: snappyjs
// never ends on some malformed input, and takes a truncated block for one that ends in zeros.
import snappy from 'snappyjs'
import { type Decoded, decoded, malformed } from './decoded.ts'

const { compress } = snappy

export function compressBlock(bytes: Uint8Array): Uint8Array {
  // A Buffer would come back as a Buffer that shares its memory.
  return compress(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

/** The most that a block of so many bytes takes: of what cannot be compressed. */
export function mostCompressedBytes(bytes: number): number {
  return 32 + bytes + Math.ceil(bytes / 6)
}

/** What it claims to hold is looked at before anything is made room for. */
export function uncompressBlock(block: Uint8Array, mostBytes: number): Decoded<Uint8Array> {
  const header = readLength(block)
  if (header === undefined) return malformed('the length of the snappy block cannot be read')
  const [length, start] = header
  if (length > mostBytes) return malformed(`the snappy block claims ${length} bytes: at most ${mostBytes}`)
  // A copy element makes 64 bytes of three, nothing makes more.
  if (length > 22 * (block.length - start)) {
    return malformed('the snappy block claims more than its bytes can hold')
  }
  const output = new Uint8Array(length)
  let at = start
  let filled = 0
  while (at < block.length) {
    const tag = block[at] ?? 0
    const kind = tag & 3
    const extraBytes = kind === 0 ? Math.max(0, (tag >> 2) - 59) : kind === 3 ? 4 : kind
    if (at + 1 + extraBytes > block.length) return malformed('the snappy block ends within an element')
    const operand = readOperand(block, at + 1, extraBytes)
    at += 1 + extraBytes
    const size = elementSize(tag, kind, operand)
    if (filled + size > length) return malformed('the snappy block holds more than it claims')
    if (kind === 0) {
      if (at + size > block.length) return malformed('the snappy block ends within a literal')
      output.set(block.subarray(at, at + size), filled)
      at += size
    } else {
      const offset = kind === 1 ? ((tag >> 5) << 8) | operand : operand
      if (offset === 0 || offset > filled)
        return malformed('the snappy block copies from before its beginning')
      // They may overlap: what is copied may be what was just written.
      if (offset >= size) output.copyWithin(filled, filled - offset, filled - offset + size)
      else
        for (let index = 0; index < size; index++)
          output[filled + index] = output[filled + index - offset] ?? 0
    }
    filled += size
  }
  if (filled !== length) return malformed('the snappy block holds less than it claims')
  return decoded(output)
}

function elementSize(tag: number, kind: number, operand: number): number {
  if (kind === 1) return ((tag >> 2) & 7) + 4
  const size = tag >> 2
  return kind === 0 && size >= 60 ? operand + 1 : size + 1
}

/** Little-endian and unsigned. */
function readOperand(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = count - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0)
  return value
}

/** The uvarint32 at the beginning, and where it ends. */
function readLength(bytes: Uint8Array): readonly [number, number] | undefined {
  let value = 0
  for (let index = 0; index < 5; index++) {
    const byte = bytes[index]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return value <= 0xffff_ffff ? [value, index + 1] : undefined
  }
  return undefined
}
