// Addition, sums of multiples, pairing and mapping on BLS12-381. EIP-2537
import { bls12_381 } from '@noble/curves/bls12-381'
import { discountedGas, g1Discounts, g2Discounts } from './bls12381Discounts.ts'
import { type Group, g1, g2, readField } from './bls12381Points.ts'
import { type Precompile, toBytes, toNumber } from './precompile.ts'

const { Fp12, Fr } = bls12_381.fields
const scalarBytes = 32

function addition<Point extends { add(other: Point): Point }>(group: Group<Point>, gas: number): Precompile {
  const { bytes } = group
  return {
    gas: () => gas,
    run(input) {
      if (input.length !== 2 * bytes) return undefined
      const one = group.read(input.subarray(0, bytes))
      const other = group.read(input.subarray(bytes))
      return one && other && group.write(one.add(other))
    },
  }
}

type Multipliable<Point> = { add(other: Point): Point; multiplyUnsafe(scalar: bigint): Point }

function sumOfMultiples<Point extends Multipliable<Point>>(
  group: Group<Point>,
  gas: number,
  discounts: readonly number[],
): Precompile {
  const size = group.bytes + scalarBytes
  return {
    gas: input => discountedGas(gas, Math.floor(input.length / size), discounts),
    run(input) {
      if (input.length === 0 || input.length % size !== 0) return undefined
      let sum = group.zero
      for (let offset = 0; offset < input.length; offset += size) {
        const point = group.read(input.subarray(offset, offset + group.bytes))
        if (point === undefined || !group.isInSubgroup(point)) return undefined
        const scalar = Fr.create(toNumber(input.subarray(offset + group.bytes, offset + size)))
        sum = sum.add(point.multiplyUnsafe(scalar))
      }
      return group.write(sum)
    },
  }
}

export const g1Add = addition(g1, 375)
export const g2Add = addition(g2, 600)
export const g1SumOfMultiples = sumOfMultiples(g1, 12_000, g1Discounts)
export const g2SumOfMultiples = sumOfMultiples(g2, 22_500, g2Discounts)

const pairBytes = g1.bytes + g2.bytes

export const pairing: Precompile = {
  gas: input => 37_700 + 32_600 * Math.floor(input.length / pairBytes),
  run(input) {
    if (input.length === 0 || input.length % pairBytes !== 0) return undefined
    const pairs: { g1: typeof g1.zero; g2: typeof g2.zero }[] = []
    for (let offset = 0; offset < input.length; offset += pairBytes) {
      const one = g1.read(input.subarray(offset, offset + g1.bytes))
      const other = g2.read(input.subarray(offset + g1.bytes, offset + pairBytes))
      if (one === undefined || other === undefined) return undefined
      if (!g1.isInSubgroup(one) || !g2.isInSubgroup(other)) return undefined
      // Such a pair contributes 1.
      if (!one.equals(g1.zero) && !other.equals(g2.zero)) pairs.push({ g1: one, g2: other })
    }
    return toBytes(pairs.length === 0 || Fp12.eql(bls12_381.pairingBatch(pairs), Fp12.ONE) ? 1n : 0n, 32)
  },
}

export const mapToG1: Precompile = {
  gas: () => 5500,
  run(input) {
    const element = input.length === 64 ? readField(input) : undefined
    if (element === undefined) return undefined
    return g1.write(g1.zero.add(bls12_381.G1.mapToCurve([element]) as typeof g1.zero))
  },
}

export const mapToG2: Precompile = {
  gas: () => 23_800,
  run(input) {
    const c0 = input.length === 128 ? readField(input.subarray(0, 64)) : undefined
    const c1 = input.length === 128 ? readField(input.subarray(64)) : undefined
    if (c0 === undefined || c1 === undefined) return undefined
    return g2.write(g2.zero.add(bls12_381.G2.mapToCurve([c0, c1]) as typeof g2.zero))
  },
}
