import { createHash } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381'
import { bn254 } from '@noble/curves/bn254'
import { p256 } from '@noble/curves/p256'
import { secp256k1 } from '@noble/curves/secp256k1'
import fc from 'fast-check'
import { type Address, bytesToHex, concatBytes, type Hex, hexToBytes } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import type { EvmFork } from '../../chains/evmFork.ts'
import { type ExecutionResult, execute } from '../evm.ts'
import { expectAgreement } from '../testing/agreement.ts'
import { createWorld, testBlock } from '../testing/world.ts'
import { toBytes } from './precompile.ts'

const from: Address = '0x00000000000000000000000000000000000ab000'

function requestOf(number: number, fork: EvmFork, input: Uint8Array, gas = 5_000_000n) {
  const to: Address = `0x${number.toString(16).padStart(40, '0')}`
  return {
    world: createWorld(),
    block: testBlock,
    fork,
    message: { from, to, data: bytesToHex(input), valueWei: 0n, gas },
  }
}

async function call(number: number, fork: EvmFork, input: Uint8Array): Promise<ExecutionResult> {
  return await expectAgreement(requestOf(number, fork, input))
}

/** Wrong in one byte, or cut short, or longer. */
const damage = fc.record({
  at: fc.nat(),
  mask: fc.integer({ min: 0, max: 255 }),
  less: fc.integer({ min: -3, max: 40 }),
})

function damaged(
  input: Uint8Array,
  { at, mask, less }: { at: number; mask: number; less: number },
): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, input.length - (at % 3 === 0 ? less : 0)))
  bytes.set(input.subarray(0, bytes.length))
  const index = at % Math.max(1, bytes.length)
  if (index < bytes.length) bytes[index] = (bytes[index] as number) ^ mask
  return bytes
}

async function agreesWhenDamaged(
  number: number,
  fork: EvmFork,
  input: Uint8Array,
  numRuns = 30,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(damage, async how => {
      await call(number, fork, damaged(input, how))
    }),
    { numRuns },
  )
}

/** The ceremony's secret times G1's generator. */
const secretOnG1 =
  'ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81'

const word = (value: bigint) => toBytes(value, 32)
const randomWord = () => fc.sample(fc.bigInt(1n, 2n ** 256n - 1n), 1)[0] as bigint

describe('the precompile', () => {
  it('ecrecover finds who signed, and nothing where nobody has', async () => {
    const key = bytesToHex(secp256k1.utils.randomPrivateKey())
    const hash = word(randomWord())
    const { r, s, recovery } = secp256k1.sign(hash, key.slice(2))
    const input = concatBytes([hash, word(27n + BigInt(recovery)), word(r), word(s)])
    const { output } = await call(1, 'london', input)
    expect(output).toBe(`0x${'00'.repeat(12)}${privateKeyToAddress(key).slice(2).toLowerCase()}`)
    // A high s is as good here.
    const other = concatBytes([hash, word(28n - BigInt(recovery)), word(r), word(secp256k1.CURVE.n - s)])
    expect((await call(1, 'london', other)).output).toBe(output)
    for (const edge of [0n, secp256k1.CURVE.n, secp256k1.CURVE.n - 1n, 2n ** 256n - 1n]) {
      await call(1, 'london', concatBytes([hash, word(27n), word(edge), word(s)]))
      await call(1, 'london', concatBytes([hash, word(27n), word(r), word(edge)]))
    }
    await agreesWhenDamaged(1, 'london', input, 60)
  })

  it('sha256, ripemd160 and identity take input of any length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async input => {
        const { output } = await call(2, 'london', input)
        expect(output).toBe(`0x${createHash('sha256').update(input).digest('hex')}`)
        await call(3, 'london', input)
        expect((await call(4, 'london', input)).output).toBe(bytesToHex(input))
      }),
      { numRuns: 30 },
    )
  })

  for (const fork of ['london', 'osaka'] satisfies EvmFork[]) {
    it(`modexp raises to powers, at any lengths: ${fork}`, async () => {
      const length = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constantFrom(1023, 1024, 1025))
      const lengths = fc.tuple(length, fc.integer({ min: 0, max: 70 }), length)
      await fc.assert(
        fc.asyncProperty(
          lengths,
          fc.uint8Array({ maxLength: 200 }),
          async ([base, exponent, modulus], rest) => {
            await call(
              5,
              fork,
              concatBytes([...[base, exponent, modulus].map(size => word(BigInt(size))), rest]),
            )
          },
        ),
        { numRuns: 150 },
      )
      const fermat = concatBytes([
        word(1n),
        word(32n),
        word(32n),
        toBytes(3n, 1),
        word(2n ** 256n - 2n ** 32n - 978n),
      ])
      const prime = concatBytes([fermat, word(2n ** 256n - 2n ** 32n - 977n)])
      expect(BigInt((await call(5, fork, prime)).output)).toBe(1n)
      for (const huge of [2n ** 32n, 2n ** 64n, 2n ** 255n]) {
        await call(5, fork, concatBytes([word(0n), word(huge), word(0n)]))
        await call(5, fork, concatBytes([word(huge), word(1n), word(1n)]))
      }
    })
  }

  it('bn254 adds, multiplies and pairs points, and refuses what is none', async () => {
    const { G1, G2 } = bn254
    const scalar = randomWord() % bn254.fields.Fr.ORDER
    const pointOf = (x: bigint, y: bigint) => concatBytes([word(x), word(y)])
    const one = G1.ProjectivePoint.BASE.multiply(scalar).toAffine()
    const base = G1.ProjectivePoint.BASE.toAffine()
    const onG2 = G2.ProjectivePoint.BASE.toAffine()
    const other = G2.ProjectivePoint.BASE.multiply(scalar).toAffine()
    const g2Of = ({ x, y }: typeof onG2) => concatBytes([x.c1, x.c0, y.c1, y.c0].map(word))

    const sum = concatBytes([pointOf(one.x, one.y), pointOf(base.x, base.y)])
    const double = concatBytes([pointOf(one.x, one.y), pointOf(one.x, one.y)])
    const minus = concatBytes([pointOf(one.x, one.y), pointOf(one.x, bn254.fields.Fp.ORDER - one.y)])
    for (const input of [sum, double, minus, new Uint8Array(0), pointOf(one.x, one.y), pointOf(3n, 0n)]) {
      await call(6, 'london', input)
    }
    await agreesWhenDamaged(6, 'london', sum)
    const multiple = concatBytes([pointOf(base.x, base.y), word(scalar)])
    expect((await call(7, 'london', multiple)).output).toBe(bytesToHex(pointOf(one.x, one.y)))
    for (const factor of [0n, 1n, bn254.fields.Fr.ORDER, 2n ** 256n - 1n]) {
      await call(7, 'london', concatBytes([pointOf(one.x, one.y), word(factor)]))
    }
    await agreesWhenDamaged(7, 'london', multiple)

    const negated = pointOf(one.x, bn254.fields.Fp.ORDER - one.y)
    const pairs = concatBytes([pointOf(base.x, base.y), g2Of(other), negated, g2Of(onG2)])
    expect(BigInt((await call(8, 'london', pairs)).output)).toBe(1n)
    expect(BigInt((await call(8, 'london', pairs.slice(192))).output)).toBe(0n)
    expect(BigInt((await call(8, 'london', new Uint8Array(192))).output)).toBe(1n)
    expect(BigInt((await call(8, 'london', new Uint8Array(0))).output)).toBe(1n)
    await agreesWhenDamaged(8, 'london', pairs, 8)
  })

  it('blake2f compresses as EIP-152 shows', async () => {
    const state =
      '48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b'
    const input = hexToBytes(`0x0000000c${state}${'616263'.padEnd(256, '0')}${'03'.padEnd(32, '0')}01`)
    const { output } = await call(9, 'london', input)
    expect(output).toBe(`0x${createHash('blake2b512').update('abc').digest('hex')}`)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30 }),
        fc.uint8Array({ minLength: 209, maxLength: 209 }),
        async (rounds, rest) => {
          rest[208] = (rest[208] as number) % 3
          await call(9, 'london', concatBytes([toBytes(BigInt(rounds), 4), rest]))
        },
      ),
      { numRuns: 60 },
    )
    await agreesWhenDamaged(9, 'london', concatBytes([new Uint8Array(2), input.subarray(2)]))
  })

  it('of point evaluation knows proofs by the trusted setup of the ceremony', async () => {
    const { G1, fields } = bls12_381
    // The polynomial slope·x + start; wherever it is asked, the quotient that proves it is the slope.
    const slope = randomWord() % fields.Fr.ORDER
    const [start, z] = [5n, randomWord() % fields.Fr.ORDER]
    const { BASE } = G1.ProjectivePoint
    const proof = BASE.multiply(slope)
    const commitment = G1.ProjectivePoint.fromHex(secretOnG1)
      .multiply(slope)
      .add(BASE.multiply(start))
      .toRawBytes(true)
    const y = fields.Fr.create(slope * z + start)
    const hash = new Uint8Array(createHash('sha256').update(commitment).digest())
    hash[0] = 1
    const input = concatBytes([hash, word(z), word(y), commitment, proof.toRawBytes(true)])
    const evaluate = (bytes: Uint8Array) => {
      const { world, block, message } = requestOf(0x0a, 'cancun', bytes)
      return execute({ state: world, block, fork: 'cancun', message })
    }
    expect(evaluate(input).output).toBe(bytesToHex(concatBytes([word(4096n), word(fields.Fr.ORDER)])))
    for (const at of [0, 40, 95, 100, 150, 191]) {
      const wrong = input.slice()
      wrong[at] = (wrong[at] as number) ^ 1
      expect(evaluate(wrong)).toMatchObject({ success: false, error: 'precompile refused its input' })
    }
    await agreesWhenDamaged(0x0a, 'cancun', new Uint8Array(192), 10)
  })

  it('BLS12-381 adds, sums multiples, pairs and maps', async () => {
    const { G1, G2, fields } = bls12_381
    const element = (value: bigint) => toBytes(value, 64)
    const g1Of = ({ x, y }: { x: bigint; y: bigint }) => concatBytes([element(x), element(y)])
    const base2 = G2.ProjectivePoint.BASE.toAffine()
    const g2Of = ({ x, y }: typeof base2) => concatBytes([x.c0, x.c1, y.c0, y.c1].map(element))
    const scalar = randomWord() % fields.Fr.ORDER
    const base1 = G1.ProjectivePoint.BASE.toAffine()
    const one = G1.ProjectivePoint.BASE.multiply(scalar)
    const two = G2.ProjectivePoint.BASE.multiply(scalar)
    const g1Sum = concatBytes([g1Of(base1), g1Of(one.toAffine())])
    const g2Sum = concatBytes([g2Of(base2), g2Of(two.toAffine())])
    const g1Multiples = concatBytes([g1Of(base1), word(scalar), g1Of(one.toAffine()), word(randomWord())])
    const g2Multiples = concatBytes([g2Of(base2), word(scalar), g2Of(two.toAffine()), word(randomWord())])
    const pairs = concatBytes([g1Of(base1), g2Of(two.toAffine()), g1Of(one.negate().toAffine()), g2Of(base2)])
    expect((await call(0x0b, 'prague', g1Sum)).success).toBe(true)
    expect((await call(0x0c, 'prague', g1Multiples)).success).toBe(true)
    expect((await call(0x0c, 'prague', g1Multiples.slice(0, 160))).output).toBe(
      bytesToHex(g1Of(one.toAffine())),
    )
    expect((await call(0x0d, 'prague', g2Sum)).success).toBe(true)
    expect((await call(0x0e, 'prague', g2Multiples)).success).toBe(true)
    expect(BigInt((await call(0x0f, 'prague', pairs)).output)).toBe(1n)
    expect(BigInt((await call(0x0f, 'prague', pairs.slice(384))).output)).toBe(0n)
    const mapped = concatBytes([element(randomWord()), element(randomWord())])
    // On the curve, and after mapping in the subgroup too.
    const point = hexToBytes((await call(0x10, 'prague', mapped.slice(64))).output)
    expect((await call(0x0c, 'prague', concatBytes([point, word(1n)]))).output).toBe(bytesToHex(point))
    expect((await call(0x11, 'prague', mapped)).success).toBe(true)
    for (const number of [0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11]) {
      for (const size of [0, 64, 128, 160, 256, 288, 384, 512]) {
        await call(number, 'prague', new Uint8Array(size))
      }
    }
    await agreesWhenDamaged(0x0b, 'prague', g1Sum)
    await agreesWhenDamaged(0x0c, 'prague', g1Multiples, 10)
    await agreesWhenDamaged(0x0d, 'prague', g2Sum)
    await agreesWhenDamaged(0x0e, 'prague', g2Multiples, 10)
    await agreesWhenDamaged(0x0f, 'prague', pairs, 5)
    await agreesWhenDamaged(0x10, 'prague', mapped.slice(64), 10)
    await agreesWhenDamaged(0x11, 'prague', mapped, 10)
  })

  it('P256VERIFY knows good signatures, from osaka on or where a chain has it before', async () => {
    const key = p256.utils.randomPrivateKey()
    const hash = word(randomWord())
    const { r, s } = p256.sign(hash, key)
    const publicKey = p256.getPublicKey(key, false).subarray(1)
    const input = concatBytes([hash, word(r), word(s), publicKey])
    const high = concatBytes([hash, word(r), word(p256.CURVE.n - s), publicKey])
    expect(BigInt((await call(0x100, 'osaka', input)).output)).toBe(1n)
    expect(BigInt((await call(0x100, 'osaka', high)).output)).toBe(1n)
    await call(0x100, 'osaka', concatBytes([hash, word(r), word(s), new Uint8Array(64)]))
    await agreesWhenDamaged(0x100, 'osaka', input, 40)

    const { world, block, message } = requestOf(0x100, 'london', input)
    const asked = { state: world, block, fork: 'london', message } as const
    const none: Hex = '0x'
    expect(execute(asked).output).toBe(none)
    const there = execute({ ...asked, hasP256Verify: true })
    expect(BigInt(there.output)).toBe(1n)
    expect(there.gasUsed - execute(asked).gasUsed).toBe(3450n)
  })
})
