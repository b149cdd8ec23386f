// Whether a secp256r1 signature is good, as passkeys make them. RIP-7212; EIP-7951 doubled its price.
import { p256 } from '@noble/curves/p256'
import { type Precompile, toBytes, toNumber } from './precompile.ts'

const noAnswer = new Uint8Array(0)

function run(input: Uint8Array): Uint8Array {
  if (input.length !== 160) return noAnswer
  const r = toNumber(input.subarray(32, 64))
  const s = toNumber(input.subarray(64, 96))
  const { n } = p256.CURVE
  if (r === 0n || s === 0n || r >= n || s >= n) return noAnswer
  const key = new Uint8Array(65)
  key[0] = 4
  key.set(input.subarray(96, 160), 1)
  // A key that is no point of the curve verifies nothing.
  return p256.verify({ r, s }, input.slice(0, 32), key, { lowS: false, prehash: false })
    ? toBytes(1n, 32)
    : noAnswer
}

export const rollupP256Verify: Precompile = { gas: () => 3450, run }
export const osakaP256Verify: Precompile = { gas: () => 6900, run }
