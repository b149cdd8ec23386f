// Random programs that mostly make sense: operands where instructions need them, addresses where accounts are,
// results kept where they can be seen. For fast-check.
import fc from 'fast-check'
import { worldAddresses } from './programWorld.ts'

export type Program = readonly number[]
type Statement = fc.Arbitrary<Program>

function push(value: bigint): Program {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length & 1), '0'), 'hex')
  return [0x5f + bytes.length, ...bytes]
}

const big = 2n ** 256n
const number = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt(0n, 70n) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n, 2n ** 128n),
  },
  { weight: 2, arbitrary: fc.bigInt(0n, big - 1n) },
  { weight: 1, arbitrary: fc.bigInt(1n, 2n ** 64n).map(less => big - less) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.bigInt(0n, 255n), fc.boolean()).map(([bit, less]) => 2n ** bit - (less ? 1n : 0n)),
  },
)
const offset = fc.oneof(
  { weight: 30, arbitrary: fc.bigInt(0n, 130n) },
  { weight: 3, arbitrary: fc.bigInt(0n, 5000n) },
  { weight: 1, arbitrary: number },
)
const slot = fc.oneof({ weight: 9, arbitrary: fc.bigInt(0n, 4n) }, { weight: 1, arbitrary: number })
const gas = fc.oneof(
  { weight: 4, arbitrary: fc.constant(big - 1n) },
  { weight: 3, arbitrary: fc.bigInt(0n, 100_000n) },
  { weight: 1, arbitrary: number },
)
const account = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...worldAddresses.map(address => BigInt(address))) },
  { weight: 3, arbitrary: fc.bigInt(1n, 9n) },
  { weight: 1, arbitrary: number },
)
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0n) },
  { weight: 3, arbitrary: fc.bigInt(0n, 200n) },
  { weight: 1, arbitrary: number },
)

/** The instruction with its operands; the first of them on top. */
function apply(opcode: number, ...operands: fc.Arbitrary<bigint>[]): Statement {
  return fc.tuple(...operands).map(values => [...values.toReversed().flatMap(push), opcode])
}

const oneOf = (...opcodes: number[]) => fc.constantFrom(...opcodes)

const arithmetic = fc.oneof(
  oneOf(
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    0x0a,
    0x0b,
    0x10,
    0x11,
    0x12,
    0x13,
    0x14,
    0x16,
    0x17,
    0x18,
    0x1a,
    0x1b,
    0x1c,
    0x1d,
  ).chain(opcode => apply(opcode, number, number)),
  oneOf(8, 9).chain(opcode => apply(opcode, number, number, number)),
  oneOf(0x15, 0x19, 0x1e).chain(opcode => apply(opcode, number)),
)
const memory = fc.oneof(
  apply(0x20, offset, offset),
  apply(0x51, offset),
  oneOf(0x52, 0x53).chain(opcode => apply(opcode, offset, number)),
  oneOf(0x37, 0x39, 0x3e, 0x5e).chain(opcode => apply(opcode, offset, offset, offset)),
  apply(0x35, offset),
  apply(0x3c, account, offset, offset, offset),
)
const environment = fc.oneof(
  oneOf(
    0x30,
    0x32,
    0x33,
    0x34,
    0x36,
    0x38,
    0x3a,
    0x3d,
    0x41,
    0x42,
    0x43,
    0x44,
    0x45,
    0x46,
    0x47,
    0x48,
    0x58,
    0x59,
    0x5a,
  ).map(opcode => [opcode]),
  oneOf(0x31, 0x3b, 0x3f).chain(opcode => apply(opcode, account)),
  apply(0x40, fc.oneof(fc.bigInt(999_700n, 1_000_001n), number)),
)
const storage = fc.oneof(
  oneOf(0x54, 0x5c).chain(opcode => apply(opcode, slot)),
  oneOf(0x55, 0x5d).chain(opcode => apply(opcode, slot, fc.oneof(fc.bigInt(0n, 2n), number))),
)
const logs = fc.integer({ min: 0, max: 4 }).chain(topics => {
  return apply(0xa0 + topics, offset, offset, ...Array.from({ length: topics }, () => number))
})
const calls = fc.oneof(
  oneOf(0xf1, 0xf1, 0xf2).chain(opcode => apply(opcode, gas, account, value, offset, offset, offset, offset)),
  oneOf(0xf4, 0xfa).chain(opcode => apply(opcode, gas, account, offset, offset, offset, offset)),
)
const stack = fc.oneof(
  fc.integer({ min: 0x80, max: 0x9f }).map(opcode => [opcode]),
  fc.constant([0x50]),
  number.map(push),
)
const ends = fc.oneof(
  oneOf(0xf3, 0xfd).chain(opcode => apply(opcode, offset, offset)),
  apply(0xff, account),
  oneOf(0x00, 0xfe, 0x0c, 0x49, 0x4a, 0x5f, 0xef).map(opcode => [opcode]),
)
const anything = fc.integer({ min: 0, max: 255 }).map(opcode => [opcode])
const jumps = fc.oneof(
  oneOf(0x56, 0x57).chain(opcode => apply(opcode, fc.bigInt(0n, 120n), number)),
  fc.constant([0x5b]),
)

/** Keeps the topmost word where it will be seen: in a slot or in memory. */
const keep = fc.oneof(
  { weight: 3, arbitrary: slot.map(key => [0x80, ...push(key), 0x55]) },
  { weight: 3, arbitrary: fc.bigInt(0n, 3n).map(at => [0x80, ...push(32n * at), 0x52]) },
  { weight: 2, arbitrary: fc.constant([]) },
)

function statements(
  maxLength: number,
  ...more: { weight: number; arbitrary: Statement }[]
): fc.Arbitrary<Program> {
  const statement = fc.oneof(
    { weight: 8, arbitrary: arithmetic },
    { weight: 6, arbitrary: memory },
    { weight: 4, arbitrary: environment },
    { weight: 5, arbitrary: storage },
    { weight: 1, arbitrary: logs },
    { weight: 6, arbitrary: calls },
    { weight: 3, arbitrary: stack },
    { weight: 1, arbitrary: ends },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: jumps },
    ...more,
  )
  return fc
    .array(fc.tuple(statement, keep), { maxLength, size: 'max' })
    .map(parts => parts.flatMap(([one, kept]) => [...one, ...kept]))
}

/** Returns the first words of memory as code, or runs into whatever follows. */
const initcode = fc
  .tuple(statements(5), fc.oneof(apply(0xf3, offset, offset), fc.constant([])))
  .map(([body, end]) => [...body, ...end])

/** Puts the bytes into memory from 0 on. */
function store(bytes: Program): Program {
  const stored: number[] = []
  for (let at = 0; at < bytes.length; at += 32) {
    const word = bytes.slice(at, at + 32)
    stored.push(0x7f, ...word, ...new Array(32 - word.length).fill(0), ...push(BigInt(at)), 0x52)
  }
  return stored
}

const creations = fc
  .tuple(initcode, value, fc.boolean(), fc.bigInt(0n, 1n), fc.boolean(), value)
  .map(([code, wei, isSalted, salt, calls, callWei]) => [
    ...store(code),
    ...(isSalted ? push(salt) : []),
    ...push(BigInt(code.length)),
    ...push(0n),
    ...push(wei),
    isSalted ? 0xf5 : 0xf0,
    // CALL to what came out, with all gas; the address stays.
    ...(calls ? [...[0n, 0n, 4n, 0n, callWei].flatMap(push), 0x85, 0x5a, 0xf1] : []),
  ])

export const program: fc.Arbitrary<Program> = statements(24, { weight: 3, arbitrary: creations })

export const initcodeProgram = initcode
