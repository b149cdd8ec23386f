// BLS12-381's points as EIP-2537 encodes them: field elements of 64 bytes, infinity all zeros.
import { bls12_381 } from '@noble/curves/bls12-381'
import { toBytes, toNumber } from './precompile.ts'

const { Fp, Fp2 } = bls12_381.fields
const G1 = bls12_381.G1.ProjectivePoint
const G2 = bls12_381.G2.ProjectivePoint
type PointOnG1 = InstanceType<typeof G1>
type PointOnG2 = InstanceType<typeof G2>

const elementBytes = 64

export type Group<Point> = {
  /** Of an encoded point. */
  readonly bytes: number
  readonly zero: Point
  /** Undefined where the bytes are no point of the curve; it need not be in the subgroup. */
  read(bytes: Uint8Array): Point | undefined
  write(point: Point): Uint8Array
  isInSubgroup(point: Point): boolean
}

/** Undefined where it is not below the field's order. */
export function readField(bytes: Uint8Array): bigint | undefined {
  const value = toNumber(bytes)
  return value < Fp.ORDER ? value : undefined
}

function readFields(bytes: Uint8Array, count: number): bigint[] | undefined {
  const elements: bigint[] = []
  for (let offset = 0; offset < count * elementBytes; offset += elementBytes) {
    const element = readField(bytes.subarray(offset, offset + elementBytes))
    if (element === undefined) return undefined
    elements.push(element)
  }
  return elements
}

function writeFields(elements: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(elements.length * elementBytes)
  elements.forEach((element, index) => {
    bytes.set(toBytes(element, elementBytes), index * elementBytes)
  })
  return bytes
}

export const g1: Group<PointOnG1> = {
  bytes: 2 * elementBytes,
  zero: G1.ZERO,
  read(bytes) {
    const [x, y] = readFields(bytes, 2) ?? []
    if (x === undefined || y === undefined) return undefined
    if (x === 0n && y === 0n) return G1.ZERO
    const right = Fp.add(Fp.mul(Fp.sqr(x), x), bls12_381.G1.CURVE.b)
    return Fp.eql(Fp.sqr(y), right) ? G1.fromAffine({ x, y }) : undefined
  },
  write(point) {
    if (point.equals(G1.ZERO)) return new Uint8Array(this.bytes)
    const { x, y } = point.toAffine()
    return writeFields([x, y])
  },
  isInSubgroup: point => point.equals(G1.ZERO) || point.isTorsionFree(),
}

export const g2: Group<PointOnG2> = {
  bytes: 4 * elementBytes,
  zero: G2.ZERO,
  read(bytes) {
    const [x0, x1, y0, y1] = readFields(bytes, 4) ?? []
    if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined) return undefined
    if ((x0 | x1 | y0 | y1) === 0n) return G2.ZERO
    const x = { c0: x0, c1: x1 }
    const y = { c0: y0, c1: y1 }
    const right = Fp2.add(Fp2.mul(Fp2.sqr(x), x), bls12_381.G2.CURVE.b)
    return Fp2.eql(Fp2.sqr(y), right) ? G2.fromAffine({ x, y }) : undefined
  },
  write(point) {
    if (point.equals(G2.ZERO)) return new Uint8Array(this.bytes)
    const { x, y } = point.toAffine()
    return writeFields([x.c0, x.c1, y.c0, y.c1])
  },
  isInSubgroup: point => point.equals(G2.ZERO) || point.isTorsionFree(),
}
