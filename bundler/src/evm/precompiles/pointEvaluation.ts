// Whether a blob's polynomial has a value at a point, by a KZG proof. EIP-4844
import { createHash } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381'
import { type Precompile, toBytes, toNumber } from './precompile.ts'

const { Fp12, Fr } = bls12_381.fields
const G1 = bls12_381.G1.ProjectivePoint
const G2 = bls12_381.G2.ProjectivePoint
type PointOnG1 = InstanceType<typeof G1>

const versionOfHash = 1
const fieldElementsPerBlob = 4096n

/** The ceremony's secret times G2's generator: all that verification needs of the trusted setup. */
const secretOnG2 = G2.fromHex(
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72' +
    '185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2',
)

const success = new Uint8Array([...toBytes(fieldElementsPerBlob, 32), ...toBytes(Fr.ORDER, 32)])

/** Compressed; the library throws at what is no point of the subgroup. */
function readPoint(bytes: Uint8Array): PointOnG1 | undefined {
  try {
    return G1.fromHex(bytes)
  } catch {
    return undefined
  }
}

function isHashOf(hash: Uint8Array, commitment: Uint8Array): boolean {
  const digest = createHash('sha256').update(commitment).digest()
  digest[0] = versionOfHash
  return digest.equals(hash)
}

/** Whether e(commitment - y·G1, G2) is e(proof, secret·G2 - z·G2). */
function isProven(commitment: PointOnG1, proof: PointOnG1, z: bigint, y: bigint): boolean {
  const left = { g1: commitment.subtract(G1.BASE.multiplyUnsafe(y)), g2: G2.BASE.negate() }
  const right = { g1: proof, g2: secretOnG2.subtract(G2.BASE.multiplyUnsafe(z)) }
  const pairs = [left, right].filter(({ g1, g2 }) => !g1.equals(G1.ZERO) && !g2.equals(G2.ZERO))
  return pairs.length === 0 || Fp12.eql(bls12_381.pairingBatch(pairs), Fp12.ONE)
}

export const pointEvaluation: Precompile = {
  gas: () => 50_000,
  run(input) {
    if (input.length !== 192) return undefined
    const bytes = input.slice()
    const z = toNumber(bytes.subarray(32, 64))
    const y = toNumber(bytes.subarray(64, 96))
    if (z >= Fr.ORDER || y >= Fr.ORDER) return undefined
    if (!isHashOf(bytes.subarray(0, 32), bytes.subarray(96, 144))) return undefined
    const commitment = readPoint(bytes.subarray(96, 144))
    const proof = readPoint(bytes.subarray(144, 192))
    if (commitment === undefined || proof === undefined) return undefined
    return isProven(commitment, proof, z, y) ? success.slice() : undefined
  },
}
