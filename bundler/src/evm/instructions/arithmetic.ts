// ADD to SIGNEXTEND. Sums and products by limbs; the rest by plain numbers when small, else by bigint.
import type { ExecutionFrame } from '../frame.ts'
import { limbs, readBigint, readIndex, writeBigint, writeNumber } from '../words.ts'

export function add(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  let carry = 0
  for (let limb = 0; limb < limbs; limb++) {
    const sum = (words[top + limb] as number) + (words[below + limb] as number) + carry
    words[below + limb] = sum
    carry = sum > 0xffffffff ? 1 : 0
  }
  frame.top = below
}

export function subtract(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  let borrow = 0
  for (let limb = 0; limb < limbs; limb++) {
    const difference = (words[top + limb] as number) - (words[below + limb] as number) - borrow
    words[below + limb] = difference
    borrow = difference < 0 ? 1 : 0
  }
  frame.top = below
}

const product = new Uint32Array(limbs)

export function multiply(frame: ExecutionFrame): void {
  const { words, top } = frame
  const below = top - limbs
  product.fill(0)
  for (let one = 0; one < limbs; one++) {
    const factor = words[top + one] as number
    if (factor === 0) continue
    const low = factor & 0xffff
    const high = factor >>> 16
    let carry = 0
    for (let other = 0; one + other < limbs; other++) {
      const limb = words[below + other] as number
      // Halves keep every sum below 2^53, where numbers are exact.
      const upper = high * limb
      const sum = low * limb + (upper % 0x1_0000) * 0x1_0000 + (product[one + other] as number) + carry
      product[one + other] = sum
      carry = Math.floor(sum / 0x1_0000_0000) + Math.floor(upper / 0x1_0000)
    }
  }
  words.set(product, below)
  frame.top = below
}

/** The word as an exact number, or NaN. */
function smallNumber(words: Uint32Array, at: number): number {
  const high = words[at + 1] as number
  const rest =
    (words[at + 2] as number) |
    (words[at + 3] as number) |
    (words[at + 4] as number) |
    (words[at + 5] as number) |
    (words[at + 6] as number) |
    (words[at + 7] as number)
  return rest === 0 && high < 0x20_0000 ? high * 0x1_0000_0000 + (words[at] as number) : Number.NaN
}

export function divide(frame: ExecutionFrame): void {
  const { words, wide, top } = frame
  const below = top - limbs
  frame.top = below
  const dividend = smallNumber(words, top)
  const divisor = smallNumber(words, below)
  if (divisor === 0) return
  // Less the remainder first: a quotient rounded to the nearest number could be one too large.
  if (dividend + divisor >= 0) writeNumber(words, below, (dividend - (dividend % divisor)) / divisor)
  else writeBigint(wide, below, readBigint(wide, top) / readBigint(wide, below))
}

export function modulo(frame: ExecutionFrame): void {
  const { words, wide, top } = frame
  const below = top - limbs
  frame.top = below
  const dividend = smallNumber(words, top)
  const divisor = smallNumber(words, below)
  if (divisor === 0) return
  if (dividend + divisor >= 0) writeNumber(words, below, dividend % divisor)
  else writeBigint(wide, below, readBigint(wide, top) % readBigint(wide, below))
}

function signed(wide: BigUint64Array, at: number): bigint {
  return BigInt.asIntN(256, readBigint(wide, at))
}

export function divideSigned(frame: ExecutionFrame): void {
  const { wide, top } = frame
  const below = top - limbs
  frame.top = below
  const divisor = signed(wide, below)
  if (divisor !== 0n) writeBigint(wide, below, signed(wide, top) / divisor)
}

export function moduloSigned(frame: ExecutionFrame): void {
  const { wide, top } = frame
  const below = top - limbs
  frame.top = below
  const divisor = signed(wide, below)
  if (divisor !== 0n) writeBigint(wide, below, signed(wide, top) % divisor)
}

export function addModulo(frame: ExecutionFrame): void {
  const { wide, top } = frame
  const result = top - 2 * limbs
  frame.top = result
  const modulus = readBigint(wide, result)
  const sum = readBigint(wide, top) + readBigint(wide, top - limbs)
  if (modulus !== 0n) writeBigint(wide, result, sum % modulus)
}

export function multiplyModulo(frame: ExecutionFrame): void {
  const { wide, top } = frame
  const result = top - 2 * limbs
  frame.top = result
  const modulus = readBigint(wide, result)
  const product = readBigint(wide, top) * readBigint(wide, top - limbs)
  if (modulus !== 0n) writeBigint(wide, result, product % modulus)
}

/** 50 gas for each byte of the exponent. EIP-160 */
export function exponentiate(frame: ExecutionFrame): void {
  const { wide, top } = frame
  const below = top - limbs
  let exponent = readBigint(wide, below)
  const bytes = exponent === 0n ? 0 : (exponent.toString(16).length + 1) >> 1
  if (!frame.charge(50 * bytes)) return
  frame.top = below
  let base = readBigint(wide, top)
  let power = 1n
  while (exponent !== 0n) {
    if ((exponent & 1n) === 1n) power = BigInt.asUintN(256, power * base)
    exponent >>= 1n
    if (exponent !== 0n) base = BigInt.asUintN(256, base * base)
  }
  writeBigint(wide, below, power)
}

export function extendSign(frame: ExecutionFrame): void {
  const { words, wide, top } = frame
  const below = top - limbs
  frame.top = below
  const byte = readIndex(words, top)
  if (byte < 31) writeBigint(wide, below, BigInt.asIntN(8 * byte + 8, readBigint(wide, below)))
}
