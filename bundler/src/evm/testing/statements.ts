// Random pieces of programs: an instruction with operands it needs, of a fork that has it. For fast-check.
import fc from 'fast-check'
import type { EvmFork } from '../../chains/evmFork.ts'
import { instructionSetOf } from '../instructionSet.ts'
import { account, blockNumber, distance, gas, number, offset, slot, value } from './operands.ts'

export type Program = readonly number[]
export type Statement = fc.Arbitrary<Program>

export function push(word: bigint): Program {
  const hex = word.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length & 1), '0'), 'hex')
  return [0x5f + bytes.length, ...bytes]
}

/** The instruction with its operands; the first of them on top. */
export function apply(opcode: number, ...operands: fc.Arbitrary<bigint>[]): Statement {
  return fc.tuple(...operands).map(values => [...values.toReversed().flatMap(push), opcode])
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

export function statementsOf(fork: EvmFork) {
  const { instructions } = instructionSetOf(fork)
  const oneOf = (opcodes: readonly number[], ...operands: fc.Arbitrary<bigint>[]): Statement =>
    fc
      .constantFrom(...opcodes.filter(opcode => instructions[opcode] !== undefined))
      .chain(opcode => apply(opcode, ...operands))

  return {
    arithmetic: fc.oneof(
      { weight: 8, arbitrary: oneOf([1, 2, 3, 4, 5, 6, 7, 0x0a], number, number) },
      { weight: 8, arbitrary: oneOf([...range(0x10, 0x14), 0x16, 0x17, 0x18], number, number) },
      { weight: 5, arbitrary: oneOf([0x0b, 0x1a, 0x1b, 0x1c, 0x1d], distance, number) },
      { weight: 2, arbitrary: oneOf([8, 9], number, number, number) },
      { weight: 3, arbitrary: oneOf([0x15, 0x19, 0x1e], number) },
      // Two equal ones.
      { weight: 2, arbitrary: fc.tuple(number, fc.integer({ min: 0x10, max: 0x14 })).map(equals) },
    ),
    memory: fc.oneof(
      oneOf([0x20], offset, offset),
      oneOf([0x51, 0x35], offset),
      oneOf([0x52, 0x53], offset, number),
      oneOf([0x37, 0x39, 0x5e], offset, offset, offset),
      // All that was returned, or one byte too many.
      fc
        .constantFrom(0, 0, 0, 1)
        .map(more => [0x3d, ...push(BigInt(more)), 0x01, ...push(0n), ...push(40n), 0x3e]),
      oneOf([0x3c], account, offset, offset, offset),
    ),
    environment: fc.oneof(
      oneOf([0x30, ...range(0x32, 0x34), 0x36, 0x38, 0x3a, 0x3d, ...range(0x41, 0x48), 0x4a]),
      oneOf([0x58, 0x59, 0x5a, 0x5b, 0x5f]),
      oneOf([0x31, 0x3b, 0x3f], account),
      oneOf([0x40], blockNumber),
    ),
    storage: fc.oneof(
      oneOf([0x54, 0x5c], slot),
      oneOf([0x55, 0x5d], slot, fc.oneof(fc.bigInt(0n, 2n), number)),
    ),
    log: fc
      .integer({ min: 0, max: 4 })
      .chain(topics => apply(0xa0 + topics, offset, offset, ...range(1, topics).map(() => number))),
    call: fc.oneof(
      oneOf([0xf1, 0xf1, 0xf2], gas, account, value, offset, offset, offset, offset),
      oneOf([0xf4, 0xfa], gas, account, offset, offset, offset, offset),
    ),
    stack: fc.oneof(oneOf(range(0x80, 0x9f)), oneOf([0x50]), number.map(push)),
    end: fc.oneof(
      oneOf([0xf3, 0xfd], offset, offset),
      oneOf([0xff], account),
      oneOf([0x00, 0xfe]),
      fc.constant([0x30, 0xff]),
    ),
    anything: fc.integer({ min: 0, max: 255 }).map(opcode => [opcode]),
    jump: fc.oneof(oneOf([0x56], fc.bigInt(0n, 120n)), oneOf([0x57], fc.bigInt(0n, 120n), number)),
  }
}

function equals([word, opcode]: [bigint, number]): Program {
  return [...push(word), ...push(word), opcode]
}

/** Skips the body if the condition is not 0. */
export function unless(condition: bigint, body: Program): Program {
  if (body.length > 250) return body
  return [...push(condition), 0x60, body.length + 3, 0x58, 0x01, 0x57, ...body, 0x5b]
}
