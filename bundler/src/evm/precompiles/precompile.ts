// What a precompile is, and how its input is read: as if endless zeros followed.
import { hexOf } from '@worldland-aa/service/crypto/bytes'

export type Precompile = {
  gas(input: Uint8Array): number
  /** Undefined where it refuses its input, which fails the call. */
  run(input: Uint8Array): Uint8Array | undefined
}

/** A view where all is there, else a copy with zeros. */
export function padded(input: Uint8Array, offset: number, length: number): Uint8Array {
  if (offset + length <= input.length) return input.subarray(offset, offset + length)
  const bytes = new Uint8Array(length)
  if (offset < input.length) bytes.set(input.subarray(offset, offset + length))
  return bytes
}

export function toNumber(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(hexOf(bytes))
}

/** Big-endian; `value` must fit. */
export function toBytes(value: bigint, length: number): Uint8Array {
  return length === 0
    ? new Uint8Array(0)
    : new Uint8Array(Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex'))
}

export function words(input: Uint8Array): number {
  return Math.ceil(input.length / 32)
}
