// Powers modulo anything. EIP-198; priced by EIP-2565, from osaka on by EIP-7883 and limited by EIP-7823.
import { type Precompile, padded, toBytes, toNumber } from './precompile.ts'

const headBytes = 96
const osakaMaxBytes = 1024n

type Lengths = { readonly base: bigint; readonly exponent: bigint; readonly modulus: bigint }

function lengthsOf(input: Uint8Array): Lengths {
  return {
    base: toNumber(padded(input, 0, 32)),
    exponent: toNumber(padded(input, 32, 32)),
    modulus: toNumber(padded(input, 64, 32)),
  }
}

/** Of the exponent's first 32 bytes, the highest bit's place; and `perByte` for each byte beyond them. */
function iterations(input: Uint8Array, lengths: Lengths, perByte: bigint): bigint {
  const { base, exponent } = lengths
  const offset = base < input.length ? headBytes + Number(base) : input.length
  const head = toNumber(padded(input, offset, exponent < 32n ? Number(exponent) : 32))
  const highestBit = head === 0n ? 0n : BigInt(head.toString(2).length - 1)
  const count = highestBit + (exponent > 32n ? perByte * (exponent - 32n) : 0n)
  return count > 1n ? count : 1n
}

function longerOf({ base, modulus }: Lengths): bigint {
  return base > modulus ? base : modulus
}

function berlinGas(input: Uint8Array): number {
  const lengths = lengthsOf(input)
  const wordCount = (longerOf(lengths) + 7n) / 8n
  return Math.max(200, Number((wordCount * wordCount * iterations(input, lengths, 8n)) / 3n))
}

function osakaGas(input: Uint8Array): number {
  const lengths = lengthsOf(input)
  const longer = longerOf(lengths)
  const wordCount = (longer + 7n) / 8n
  const complexity = longer <= 32n ? 16n : 2n * wordCount * wordCount
  return Math.max(500, Number(complexity * iterations(input, lengths, 16n)))
}

/** Gas has limited the lengths; but not the exponent's, where the others are 0. */
function run(input: Uint8Array): Uint8Array {
  const lengths = lengthsOf(input)
  if (lengths.modulus === 0n) return new Uint8Array(0)
  const base = Number(lengths.base)
  const exponent = Number(lengths.exponent)
  const size = Number(lengths.modulus)
  const modulus = toNumber(padded(input, headBytes + base + exponent, size))
  if (modulus === 0n) return new Uint8Array(size)
  const power = raise(
    toNumber(padded(input, headBytes, base)) % modulus,
    toNumber(padded(input, headBytes + base, exponent)),
    modulus,
  )
  return toBytes(power, size)
}

function raise(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let power = 1n % modulus
  for (const bit of exponent.toString(2)) {
    power = (power * power) % modulus
    if (bit === '1') power = (power * base) % modulus
  }
  return power
}

export const modexp: Precompile = { gas: berlinGas, run }

export const osakaModexp: Precompile = {
  gas: osakaGas,
  run(input) {
    const { base, exponent, modulus } = lengthsOf(input)
    if (base > osakaMaxBytes || exponent > osakaMaxBytes || modulus > osakaMaxBytes) return undefined
    return run(input)
  },
}
