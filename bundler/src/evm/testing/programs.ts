// Random programs that mostly make sense, and keep results where they can be seen. For fast-check.
import fc from 'fast-check'
import type { EvmFork } from '../../chains/evmFork.ts'
import { number, offset, slot, value } from './operands.ts'
import { apply, type Program, push, type Statement, statementsOf, unless } from './statements.ts'

/** Keeps the topmost word: in a slot, or in memory; and there it is, for the next to take. */
const keep = fc.oneof(
  { weight: 3, arbitrary: slot.map(key => [0x80, ...push(key), 0x55]) },
  { weight: 3, arbitrary: fc.bigInt(0n, 3n).map(at => [0x80, ...push(32n * at), 0x52]) },
  { weight: 2, arbitrary: fc.constant([]) },
)

/** So that DUP and SWAP find what they need. */
const filledStack: Program = Array.from({ length: 17 }, (_, index) => [0x60, index]).flat()

function sequence(fork: EvmFork, maxLength: number, more: Statement | undefined): fc.Arbitrary<Program> {
  const { arithmetic, memory, environment, storage, log, call, stack, end, anything, jump } =
    statementsOf(fork)
  const statement = fc.oneof(
    { weight: 20, arbitrary: arithmetic },
    { weight: 15, arbitrary: memory },
    { weight: 12, arbitrary: environment },
    { weight: 15, arbitrary: storage },
    { weight: 4, arbitrary: log },
    { weight: 18, arbitrary: call },
    { weight: 6, arbitrary: stack },
    { weight: 1, arbitrary: end },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: jump },
    ...(more === undefined ? [] : [{ weight: 12, arbitrary: more }]),
  )
  const kept = fc.tuple(statement, keep).map(parts => parts.flat())
  const conditional = fc.tuple(number, fc.array(kept, { maxLength: 3 })).map(([condition, body]) => {
    return unless(condition, body.flat())
  })
  const part = fc.oneof({ weight: 6, arbitrary: kept }, { weight: 1, arbitrary: conditional })
  return fc
    .tuple(fc.array(part, { maxLength, size: 'max' }), fc.oneof(fc.constant([]), end))
    .map(([parts, last]) => [...filledStack, ...parts.flat(), ...last])
}

/** Puts the bytes into memory from 0 on. */
function store(bytes: Program): Program {
  const stored: number[] = []
  for (let at = 0; at < bytes.length; at += 32) {
    const word = bytes.slice(at, at + 32)
    stored.push(0x7f, ...word, ...new Array(32 - word.length).fill(0), ...push(BigInt(at)), 0x52)
  }
  return stored
}

/** Returns a piece of memory as code, or runs into an end of any kind. */
export function initcodeOf(fork: EvmFork): fc.Arbitrary<Program> {
  const end = fc.oneof(apply(0xf3, offset, offset), fc.constant([]))
  return fc.tuple(sequence(fork, 5, undefined), end).map(parts => parts.flat())
}

function creationOf(fork: EvmFork): Statement {
  return fc
    .tuple(initcodeOf(fork), value, fc.boolean(), fc.bigInt(0n, 1n), fc.boolean(), value)
    .map(([code, wei, isSalted, salt, calls, callWei]) => [
      ...store(code),
      ...(isSalted ? push(salt) : []),
      ...push(BigInt(code.length)),
      ...push(0n),
      ...push(wei),
      isSalted ? 0xf5 : 0xf0,
      // How much came back is on the stack too; and what came out is called with all gas.
      ...(calls ? [0x3d, 0x90, ...[0n, 0n, 4n, 0n, callWei].flatMap(push), 0x85, 0x5a, 0xf1] : []),
    ])
}

export function programOf(fork: EvmFork): fc.Arbitrary<Program> {
  return sequence(fork, 16, creationOf(fork))
}

/** Returns the results of some instructions that only reckon. */
export function reckoningOf(fork: EvmFork): fc.Arbitrary<Program> {
  const { arithmetic } = statementsOf(fork)
  const count = 16
  return fc
    .array(arithmetic, { minLength: count, maxLength: count })
    .map(parts => [
      ...parts.flatMap((part, index) => [...part, ...push(BigInt(32 * index)), 0x52]),
      ...push(BigInt(32 * count)),
      ...push(0n),
      0xf3,
    ])
}
