// Random operands that are worth trying: about the edges, mostly such as let a program go on. For fast-check.
import fc from 'fast-check'
import { worldAddresses } from './programWorld.ts'

const modulus = 2n ** 256n

export const number = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt(0n, 70n) },
  { weight: 2, arbitrary: fc.bigInt(0n, modulus - 1n) },
  { weight: 1, arbitrary: fc.bigInt(1n, 2n ** 64n).map(less => modulus - less) },
  { weight: 1, arbitrary: fc.bigInt(0n, 2n ** 64n) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.bigInt(0n, 255n), fc.bigInt(-1n, 1n))
      .map(([bit, more]) => (2n ** bit + more) % modulus),
  },
)

/** How far to shift, or which byte. */
export const distance = fc.oneof(
  { weight: 2, arbitrary: fc.bigInt(0n, 9n).map(limb => 32n * limb) },
  { weight: 3, arbitrary: fc.bigInt(0n, 260n) },
  { weight: 1, arbitrary: number },
)

export const offset = fc.oneof(
  { weight: 120, arbitrary: fc.bigInt(0n, 130n) },
  { weight: 10, arbitrary: fc.bigInt(0n, 5000n) },
  { weight: 2, arbitrary: fc.bigInt(0n, 200_000n) },
  { weight: 1, arbitrary: number },
)

export const slot = fc.oneof({ weight: 9, arbitrary: fc.bigInt(0n, 4n) }, { weight: 1, arbitrary: number })

export const gas = fc.oneof(
  { weight: 4, arbitrary: fc.constant(modulus - 1n) },
  { weight: 3, arbitrary: fc.bigInt(0n, 100_000n) },
  { weight: 1, arbitrary: number },
)

export const account = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...worldAddresses.map(address => BigInt(address))) },
  { weight: 2, arbitrary: fc.bigInt(1n, 18n) },
  { weight: 1, arbitrary: number },
)

export const value = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0n) },
  { weight: 3, arbitrary: fc.bigInt(0n, 120n) },
  { weight: 1, arbitrary: number },
)

export const blockNumber = fc.oneof(
  { weight: 2, arbitrary: fc.bigInt(999_742n, 999_746n) },
  { weight: 2, arbitrary: fc.bigInt(999_700n, 1_000_001n) },
  { weight: 1, arbitrary: number },
)
