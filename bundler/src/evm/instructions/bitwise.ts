// LT to CLZ: comparisons, bits and shifts, by limbs.
import type { ExecutionFrame } from '../frame.ts'
import { isZero, limbs, readIndex, writeNumber } from '../words.ts'

function isBelow(words: Uint32Array, one: number, other: number): boolean {
  for (let limb = limbs - 1; limb >= 0; limb--) {
    const left = words[one + limb] as number
    const right = words[other + limb] as number
    if (left !== right) return left < right
  }
  return false
}

function isBelowSigned(words: Uint32Array, one: number, other: number): boolean {
  const left = (words[one + 7] as number) >>> 31
  const right = (words[other + 7] as number) >>> 31
  return left === right ? isBelow(words, one, other) : left === 1
}

export function lessThan(frame: ExecutionFrame): void {
  const { words, top } = frame
  frame.top = top - limbs
  writeNumber(words, top - limbs, isBelow(words, top, top - limbs) ? 1 : 0)
}

export function greaterThan(frame: ExecutionFrame): void {
  const { words, top } = frame
  frame.top = top - limbs
  writeNumber(words, top - limbs, isBelow(words, top - limbs, top) ? 1 : 0)
}

export function lessThanSigned(frame: ExecutionFrame): void {
  const { words, top } = frame
  frame.top = top - limbs
  writeNumber(words, top - limbs, isBelowSigned(words, top, top - limbs) ? 1 : 0)
}

export function greaterThanSigned(frame: ExecutionFrame): void {
  const { words, top } = frame
  frame.top = top - limbs
  writeNumber(words, top - limbs, isBelowSigned(words, top - limbs, top) ? 1 : 0)
}

export function equal(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  frame.top = below
  let difference = 0
  for (let limb = 0; limb < limbs; limb++) {
    difference |= (words[top + limb] as number) ^ (words[below + limb] as number)
  }
  writeNumber(words, below, difference === 0 ? 1 : 0)
}

export function isZeroWord(frame: ExecutionFrame): void {
  writeNumber(frame.words, frame.top, isZero(frame.words, frame.top) ? 1 : 0)
}

export function and(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  for (let limb = 0; limb < limbs; limb++) {
    words[below + limb] = (words[below + limb] as number) & (words[top + limb] as number)
  }
  frame.top = below
}

export function or(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  for (let limb = 0; limb < limbs; limb++) {
    words[below + limb] = (words[below + limb] as number) | (words[top + limb] as number)
  }
  frame.top = below
}

export function exclusiveOr(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  for (let limb = 0; limb < limbs; limb++) {
    words[below + limb] = (words[below + limb] as number) ^ (words[top + limb] as number)
  }
  frame.top = below
}

export function not(frame: ExecutionFrame): void {
  const { words, top } = frame
  for (let limb = 0; limb < limbs; limb++) words[top + limb] = ~(words[top + limb] as number)
}

/** The byte at an index that counts from the most significant. */
export function byte(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  frame.top = below
  const index = readIndex(words, top)
  const limb = index < 32 ? (words[below + 7 - (index >> 2)] as number) : 0
  writeNumber(words, below, (limb >>> (24 - 8 * (index & 3))) & 0xff)
}

/** EIP-145, as the next two. */
export function shiftLeft(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  frame.top = below
  const shift = readIndex(words, top)
  if (shift > 255) {
    writeNumber(words, below, 0)
    return
  }
  const whole = shift >> 5
  const bits = shift & 31
  for (let limb = limbs - 1; limb >= 0; limb--) {
    const from = limb - whole
    const main = from >= 0 ? (words[below + from] as number) : 0
    const next = from >= 1 ? (words[below + from - 1] as number) : 0
    words[below + limb] = bits === 0 ? main : (main << bits) | (next >>> (32 - bits))
  }
}

export function shiftRight(frame: ExecutionFrame): void {
  const shift = readIndex(frame.words, frame.top)
  frame.top -= limbs
  shiftDown(frame.words, frame.top, shift, 0)
}

export function shiftRightSigned(frame: ExecutionFrame): void {
  const shift = readIndex(frame.words, frame.top)
  frame.top -= limbs
  shiftDown(
    frame.words,
    frame.top,
    shift,
    (frame.words[frame.top + 7] as number) >>> 31 === 1 ? 0xffffffff : 0,
  )
}

function shiftDown(words: Uint32Array, at: number, shift: number, fill: number): void {
  if (shift > 255) {
    words.fill(fill, at, at + limbs)
    return
  }
  const whole = shift >> 5
  const bits = shift & 31
  for (let limb = 0; limb < limbs; limb++) {
    const from = limb + whole
    const main = from < limbs ? (words[at + from] as number) : fill
    const next = from + 1 < limbs ? (words[at + from + 1] as number) : fill
    words[at + limb] = bits === 0 ? main : (main >>> bits) | (next << (32 - bits))
  }
}

/** EIP-7939 */
export function countLeadingZeros(frame: ExecutionFrame): void {
  const { words, top } = frame
  let count = 0
  for (let limb = limbs - 1; limb >= 0; limb--) {
    const zeros = Math.clz32(words[top + limb] as number)
    count += zeros
    if (zeros < 32) break
  }
  writeNumber(words, top, count)
}
