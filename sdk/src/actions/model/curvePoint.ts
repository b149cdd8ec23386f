// Points of secp256k1: what sells a model's key without a judge (SealedKey.sol says how).
import { secp256k1 } from '@noble/curves/secp256k1'
import { type Hex, isHex, size } from 'viem'
import { ComputeError } from '../../errors/computeError.ts'

export type CurvePoint = { readonly x: bigint; readonly y: bigint }

const { ProjectivePoint, CURVE } = secp256k1

/** The public key of a private key. */
export function publicPoint(privateKey: Hex): CurvePoint {
  return ProjectivePoint.BASE.multiply(scalarOf(privateKey)).toAffine()
}

/** A private key times somebody else's point: both parties find the same. */
export function sharedPoint(parameters: {
  readonly privateKey: Hex
  readonly point: CurvePoint
}): CurvePoint {
  const { privateKey, point } = parameters
  return toProjective(point).multiply(scalarOf(privateKey)).toAffine()
}

/** The contract takes no point whose x is not below the order; one in 2^127 is. */
export function isUsablePoint(point: CurvePoint): boolean {
  return point.x < CURVE.n
}

function toProjective(point: CurvePoint) {
  try {
    const projective = ProjectivePoint.fromAffine(point)
    projective.assertValidity()
    return projective
  } catch (cause) {
    throw new ComputeError({
      problem: `(${point.x}, ${point.y}) is no point of secp256k1.`,
      remedy: 'Take the point from the event that published it.',
      cause,
    })
  }
}

function scalarOf(privateKey: Hex): bigint {
  const isKey = isHex(privateKey) && size(privateKey) === 32
  const scalar = isKey ? BigInt(privateKey) : 0n
  if (scalar > 0n && scalar < CURVE.n) return scalar
  // Never the value: it is a key.
  throw new ComputeError({
    problem: 'The private key is not 32 bytes of a number below the order of secp256k1.',
    remedy: 'Make one by createPurchaseKey.',
  })
}
