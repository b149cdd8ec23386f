// Addition, multiplication and pairing on bn254. EIP-196, EIP-197; priced by EIP-1108
import { bn254 } from '@noble/curves/bn254'
import { type Precompile, padded, toBytes, toNumber } from './precompile.ts'

const { Fp, Fp12, Fr } = bn254.fields
const G1 = bn254.G1.ProjectivePoint
const G2 = bn254.G2.ProjectivePoint
type PointOnG1 = InstanceType<typeof G1>
type PointOnG2 = InstanceType<typeof G2>

/** Undefined where the bytes are no point. */
function readG1(bytes: Uint8Array): PointOnG1 | undefined {
  const x = toNumber(bytes.subarray(0, 32))
  const y = toNumber(bytes.subarray(32, 64))
  if (x >= Fp.ORDER || y >= Fp.ORDER) return undefined
  return x === 0n && y === 0n ? G1.ZERO : validated(() => G1.fromAffine({ x, y }))
}

/** The imaginary parts come first. */
function readG2(bytes: Uint8Array): PointOnG2 | undefined {
  const [x1, x0, y1, y0] = [0, 32, 64, 96].map(offset => toNumber(bytes.subarray(offset, offset + 32))) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  if ([x0, x1, y0, y1].some(part => part >= Fp.ORDER)) return undefined
  if ((x0 | x1 | y0 | y1) === 0n) return G2.ZERO
  return validated(() => G2.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } }))
}

/** The point if it is on the curve and in the subgroup. The library throws at every other. */
function validated<Point extends PointOnG1 | PointOnG2>(create: () => Point): Point | undefined {
  try {
    const point = create()
    point.assertValidity()
    return point
  } catch {
    return undefined
  }
}

function writeG1(point: PointOnG1): Uint8Array {
  const bytes = new Uint8Array(64)
  if (point.equals(G1.ZERO)) return bytes
  const { x, y } = point.toAffine()
  bytes.set(toBytes(x, 32))
  bytes.set(toBytes(y, 32), 32)
  return bytes
}

export const bn254Add: Precompile = {
  gas: () => 150,
  run(input) {
    const one = readG1(padded(input, 0, 64))
    const other = readG1(padded(input, 64, 64))
    return one && other && writeG1(one.add(other))
  },
}

export const bn254Multiply: Precompile = {
  gas: () => 6000,
  run(input) {
    const point = readG1(padded(input, 0, 64))
    return point && writeG1(point.multiplyUnsafe(Fr.create(toNumber(padded(input, 64, 32)))))
  },
}

const pairBytes = 192

export const bn254Pairing: Precompile = {
  gas: input => 45_000 + 34_000 * Math.floor(input.length / pairBytes),
  run(input) {
    if (input.length % pairBytes !== 0) return undefined
    const pairs: { g1: PointOnG1; g2: PointOnG2 }[] = []
    for (let offset = 0; offset < input.length; offset += pairBytes) {
      const g1 = readG1(input.subarray(offset, offset + 64))
      const g2 = readG2(input.subarray(offset + 64, offset + pairBytes))
      if (g1 === undefined || g2 === undefined) return undefined
      // Such a pair contributes 1.
      if (!g1.equals(G1.ZERO) && !g2.equals(G2.ZERO)) pairs.push({ g1, g2 })
    }
    return toBytes(pairs.length === 0 || Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE) ? 1n : 0n, 32)
  },
}
