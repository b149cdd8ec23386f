// BLAKE2b's compression, by 32-bit halves: a call may ask for millions of rounds. EIP-152
import type { Precompile } from './precompile.ts'

const inputBytes = 213

/** RFC 7693: which words of the message each round mixes in; ten rounds, then again. */
const permutations = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
].map(row => Uint8Array.from(row))

/** The halves of each word, low before high; the same as SHA-512's. */
const initial = Uint32Array.of(
  0xf3bcc908,
  0x6a09e667,
  0x84caa73b,
  0xbb67ae85,
  0xfe94f82b,
  0x3c6ef372,
  0x5f1d36f1,
  0xa54ff53a,
  0xade682d1,
  0x510e527f,
  0x2b3e6c1f,
  0x9b05688c,
  0xfb41bd6b,
  0x1f83d9ab,
  0x137e2179,
  0x5be0cd19,
)

function addWord(state: Uint32Array, to: number, words: Uint32Array, from: number): void {
  const low = (state[to] as number) + (words[from] as number)
  state[to] = low
  state[to + 1] = (state[to + 1] as number) + (words[from + 1] as number) + (low > 0xffffffff ? 1 : 0)
}

/** Xors `from` into `to` and rotates that right. */
function mixBits(state: Uint32Array, to: number, from: number, bits: number): void {
  let low = (state[to] as number) ^ (state[from] as number)
  let high = (state[to + 1] as number) ^ (state[from + 1] as number)
  if (bits >= 32) [low, high] = [high, low]
  const rest = bits & 31
  state[to] = rest === 0 ? low : (low >>> rest) | (high << (32 - rest))
  state[to + 1] = rest === 0 ? high : (high >>> rest) | (low << (32 - rest))
}

function mix(
  v: Uint32Array,
  m: Uint32Array,
  row: Uint8Array,
  step: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  addWord(v, 2 * a, v, 2 * b)
  addWord(v, 2 * a, m, 2 * (row[2 * step] as number))
  mixBits(v, 2 * d, 2 * a, 32)
  addWord(v, 2 * c, v, 2 * d)
  mixBits(v, 2 * b, 2 * c, 24)
  addWord(v, 2 * a, v, 2 * b)
  addWord(v, 2 * a, m, 2 * (row[2 * step + 1] as number))
  mixBits(v, 2 * d, 2 * a, 16)
  addWord(v, 2 * c, v, 2 * d)
  mixBits(v, 2 * b, 2 * c, 63)
}

export const blake2f: Precompile = {
  gas: input => (input.length === inputBytes ? rounds(input) : 0),
  run(input) {
    const isLast = input[212] as number
    if (input.length !== inputBytes || isLast > 1) return undefined
    const view = new DataView(input.buffer, input.byteOffset, inputBytes)
    const read = (offset: number, count: number) =>
      Uint32Array.from({ length: count }, (_, index) => view.getUint32(offset + 4 * index, true))
    const h = read(4, 16)
    const m = read(68, 32)
    const counter = read(196, 4)
    const v = new Uint32Array(32)
    v.set(h)
    v.set(initial, 16)
    for (let half = 0; half < 4; half++) v[24 + half] = (v[24 + half] as number) ^ (counter[half] as number)
    if (isLast === 1) {
      v[28] = ~(v[28] as number)
      v[29] = ~(v[29] as number)
    }
    const count = rounds(input)
    for (let round = 0; round < count; round++) {
      const row = permutations[round % 10] as Uint8Array
      mix(v, m, row, 0, 0, 4, 8, 12)
      mix(v, m, row, 1, 1, 5, 9, 13)
      mix(v, m, row, 2, 2, 6, 10, 14)
      mix(v, m, row, 3, 3, 7, 11, 15)
      mix(v, m, row, 4, 0, 5, 10, 15)
      mix(v, m, row, 5, 1, 6, 11, 12)
      mix(v, m, row, 6, 2, 7, 8, 13)
      mix(v, m, row, 7, 3, 4, 9, 14)
    }
    const output = new Uint8Array(64)
    const outputView = new DataView(output.buffer)
    for (let half = 0; half < 16; half++) {
      const word = (h[half] as number) ^ (v[half] as number) ^ (v[half + 16] as number)
      outputView.setUint32(4 * half, word, true)
    }
    return output
  },
}

function rounds(input: Uint8Array): number {
  return new DataView(input.buffer, input.byteOffset, 4).getUint32(0)
}
