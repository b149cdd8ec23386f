// 256-bit words as the stack keeps them: eight 32-bit limbs in a row, the least significant first.
// Measured four times as fast as bigint on common instructions, for they allocate nothing.
import type { Address, Hex } from 'viem'

export const limbs = 8

/** Of Node's platforms none is big-endian on which this would be run; `wide` relies on it. */
export type Words = { readonly limbs: Uint32Array; readonly wide: BigUint64Array }

export function createWords(count: number): Words {
  const words = new Uint32Array(count * limbs)
  return { limbs: words, wide: new BigUint64Array(words.buffer) }
}

export function readBigint(wide: BigUint64Array, at: number): bigint {
  const first = at >> 1
  const low = wide[first] as bigint
  const second = wide[first + 1] as bigint
  const third = wide[first + 2] as bigint
  const fourth = wide[first + 3] as bigint
  if ((second | third | fourth) === 0n) return low
  return (fourth << 192n) | (third << 128n) | (second << 64n) | low
}

/** Modulo 2^256; a negative number as its two's complement. */
export function writeBigint(wide: BigUint64Array, at: number, value: bigint): void {
  const first = at >> 1
  wide[first] = value
  wide[first + 1] = value >> 64n
  wide[first + 2] = value >> 128n
  wide[first + 3] = value >> 192n
}

/** Up to 2^53. */
export function writeNumber(words: Uint32Array, at: number, value: number): void {
  words[at] = value
  words[at + 1] = value > 0xffffffff ? value / 0x1_0000_0000 : 0
  words[at + 2] = 0
  words[at + 3] = 0
  words[at + 4] = 0
  words[at + 5] = 0
  words[at + 6] = 0
  words[at + 7] = 0
}

/** For offsets, lengths and gas: Infinity from 2^32 on, where no memory or gas reaches. */
export function readIndex(words: Uint32Array, at: number): number {
  const high =
    (words[at + 1] as number) |
    (words[at + 2] as number) |
    (words[at + 3] as number) |
    (words[at + 4] as number) |
    (words[at + 5] as number) |
    (words[at + 6] as number) |
    (words[at + 7] as number)
  return high === 0 ? (words[at] as number) : Number.POSITIVE_INFINITY
}

export function isZero(words: Uint32Array, at: number): boolean {
  return words[at] === 0 && readIndex(words, at) === 0
}

/** Big-endian, as memory and calldata are. */
export function readBytes(words: Uint32Array, at: number, view: DataView, offset: number): void {
  for (let limb = 0; limb < limbs; limb++) view.setUint32(offset + 28 - 4 * limb, words[at + limb] as number)
}

export function writeBytes(words: Uint32Array, at: number, view: DataView, offset: number): void {
  for (let limb = 0; limb < limbs; limb++) words[at + limb] = view.getUint32(offset + 28 - 4 * limb)
}

const scratch = Buffer.alloc(32)
const scratchView = new DataView(scratch.buffer, scratch.byteOffset, 32)

export function readHex(words: Uint32Array, at: number): Hex {
  readBytes(words, at, scratchView, 0)
  return `0x${scratch.toString('hex')}`
}

export function readAddress(words: Uint32Array, at: number): Address {
  readBytes(words, at, scratchView, 0)
  return `0x${scratch.toString('hex', 12)}`
}

/** An address or a hash: lower-case hex of 20 or 32 bytes. */
export function writeHex(words: Uint32Array, at: number, hex: Hex): void {
  let end = hex.length
  for (let limb = 0; limb < limbs; limb++, end -= 8) {
    words[at + limb] = end > 2 ? Number.parseInt(hex.slice(end - 8, end), 16) : 0
  }
}

/** A word whose bytes need not all be there: missing ones at the end are zero. */
export function writePaddedBytes(words: Uint32Array, at: number, bytes: Uint8Array, offset: number): void {
  if (offset + 32 > bytes.length) {
    scratch.fill(0)
    if (offset < bytes.length) scratch.set(bytes.subarray(offset))
    writeBytes(words, at, scratchView, 0)
    return
  }
  for (let limb = 0, from = offset + 28; limb < limbs; limb++, from -= 4) {
    words[at + limb] =
      ((bytes[from] as number) << 24) |
      ((bytes[from + 1] as number) << 16) |
      ((bytes[from + 2] as number) << 8) |
      (bytes[from + 3] as number)
  }
}
