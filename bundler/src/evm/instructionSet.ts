// Which instructions a fork has, what each costs at least, and how many words it takes and gives.

import { type EvmFork, isAtLeast } from '../chains/evmFork.ts'
import * as arithmetic from './instructions/arithmetic.ts'
import * as bitwise from './instructions/bitwise.ts'
import * as calls from './instructions/calls.ts'
import * as creations from './instructions/creations.ts'
import * as environment from './instructions/environment.ts'
import { pushBigint, pushHex } from './instructions/environment.ts'
import * as flow from './instructions/flow.ts'
import type { Instruction } from './instructions/instruction.ts'
import { log } from './instructions/log.ts'
import * as memory from './instructions/memory.ts'
import * as stack from './instructions/stack.ts'
import * as storage from './instructions/storage.ts'
import { limbs } from './words.ts'

/** By opcode. */
export type InstructionSet = {
  readonly instructions: readonly (Instruction | undefined)[]
  readonly fixedGas: Uint16Array
  /** Bounds of a frame's `top`: below it words are missing, above it the stack would overflow. */
  readonly leastTop: Int16Array
  readonly mostTop: Int16Array
}

type Row = readonly [opcode: number, takes: number, gives: number, gas: number, instruction: Instruction]

const london: readonly Row[] = [
  [0x00, 0, 0, 0, flow.stop],
  [0x01, 2, 1, 3, arithmetic.add],
  [0x02, 2, 1, 5, arithmetic.multiply],
  [0x03, 2, 1, 3, arithmetic.subtract],
  [0x04, 2, 1, 5, arithmetic.divide],
  [0x05, 2, 1, 5, arithmetic.divideSigned],
  [0x06, 2, 1, 5, arithmetic.modulo],
  [0x07, 2, 1, 5, arithmetic.moduloSigned],
  [0x08, 3, 1, 8, arithmetic.addModulo],
  [0x09, 3, 1, 8, arithmetic.multiplyModulo],
  [0x0a, 2, 1, 10, arithmetic.exponentiate],
  [0x0b, 2, 1, 5, arithmetic.extendSign],
  [0x10, 2, 1, 3, bitwise.lessThan],
  [0x11, 2, 1, 3, bitwise.greaterThan],
  [0x12, 2, 1, 3, bitwise.lessThanSigned],
  [0x13, 2, 1, 3, bitwise.greaterThanSigned],
  [0x14, 2, 1, 3, bitwise.equal],
  [0x15, 1, 1, 3, bitwise.isZeroWord],
  [0x16, 2, 1, 3, bitwise.and],
  [0x17, 2, 1, 3, bitwise.or],
  [0x18, 2, 1, 3, bitwise.exclusiveOr],
  [0x19, 1, 1, 3, bitwise.not],
  [0x1a, 2, 1, 3, bitwise.byte],
  [0x1b, 2, 1, 3, bitwise.shiftLeft],
  [0x1c, 2, 1, 3, bitwise.shiftRight],
  [0x1d, 2, 1, 3, bitwise.shiftRightSigned],
  [0x20, 2, 1, 30, memory.keccak],
  [0x30, 0, 1, 2, pushHex(frame => frame.address)],
  [0x31, 1, 1, 0, environment.balance],
  [0x32, 0, 1, 2, pushHex((_, { message }) => message.from)],
  [0x33, 0, 1, 2, pushHex(frame => frame.caller)],
  [0x34, 0, 1, 2, pushBigint(frame => frame.valueWei)],
  [0x35, 1, 1, 3, memory.loadCalldata],
  [0x36, 0, 1, 2, memory.calldataSize],
  [0x37, 3, 0, 3, memory.copyCalldata],
  [0x38, 0, 1, 2, memory.codeSize],
  [0x39, 3, 0, 3, memory.copyCode],
  [0x3a, 0, 1, 2, pushBigint((_, { message }) => message.gasPriceWei ?? 0n)],
  [0x3b, 1, 1, 0, environment.externalCodeSize],
  [0x3c, 4, 0, 0, environment.copyExternalCode],
  [0x3d, 0, 1, 2, memory.returnDataSize],
  [0x3e, 3, 0, 3, memory.copyReturnData],
  [0x3f, 1, 1, 0, environment.externalCodeHash],
  [0x40, 1, 1, 20, environment.blockHash],
  [0x41, 0, 1, 2, pushHex((_, { block }) => block.coinbase)],
  [0x42, 0, 1, 2, pushBigint((_, { block }) => block.timestamp)],
  [0x43, 0, 1, 2, pushBigint((_, { block }) => block.number)],
  [0x44, 0, 1, 2, pushBigint((_, { block }) => block.difficulty)],
  [0x45, 0, 1, 2, pushBigint((_, { block }) => block.gasLimit)],
  [0x46, 0, 1, 2, pushBigint((_, { block }) => block.chainId)],
  [0x47, 0, 1, 5, pushBigint((frame, { journal }) => journal.balance(journal.account(frame.address)))],
  [0x48, 0, 1, 2, pushBigint((_, { block }) => block.baseFeePerGas)],
  [0x50, 1, 0, 2, stack.pop],
  [0x51, 1, 1, 3, memory.loadMemory],
  [0x52, 2, 0, 3, memory.storeMemory],
  [0x53, 2, 0, 3, memory.storeMemoryByte],
  [0x54, 1, 1, 0, storage.loadStorage],
  [0x55, 2, 0, 0, storage.storeStorage],
  [0x56, 1, 0, 8, flow.jump],
  [0x57, 2, 0, 10, flow.jumpIf],
  [0x58, 0, 1, 2, flow.programCounter],
  [0x59, 0, 1, 2, memory.memorySize],
  [0x5a, 0, 1, 2, flow.gas],
  [0x5b, 0, 0, 1, flow.jumpDestination],
  ...numbered(32, length => [0x5f + length, 0, 1, 3, stack.push(length)]),
  ...numbered(16, depth => [0x7f + depth, depth, depth + 1, 3, stack.duplicate(depth)]),
  ...numbered(16, depth => [0x8f + depth, depth + 1, depth + 1, 3, stack.swap(depth)]),
  [0xa0, 2, 0, 375, log(0)],
  ...numbered(4, topics => [0xa0 + topics, 2 + topics, 0, 375, log(topics)]),
  [0xf0, 3, 1, 32_000, creations.createInstruction],
  [0xf1, 7, 1, 0, calls.callInstruction],
  [0xf2, 7, 1, 0, calls.callCodeInstruction],
  [0xf3, 2, 0, 0, flow.returnOutput],
  [0xf4, 6, 1, 0, calls.delegateCallInstruction],
  [0xf5, 4, 1, 32_000, creations.create2Instruction],
  [0xfa, 6, 1, 0, calls.staticCallInstruction],
  [0xfd, 2, 0, 0, flow.revert],
  [0xff, 1, 0, 5000, creations.selfDestruct],
]

const added: Readonly<Record<EvmFork, readonly Row[]>> = {
  london,
  paris: [],
  // EIP-3855
  shanghai: [[0x5f, 0, 1, 2, stack.pushZero]],
  // EIP-4844, EIP-7516, EIP-1153, EIP-5656
  cancun: [
    [0x49, 1, 1, 3, environment.blobHash],
    [0x4a, 0, 1, 2, pushBigint((_, { block }) => block.blobBaseFeePerGas ?? 1n)],
    [0x5c, 1, 1, 100, storage.loadTransient],
    [0x5d, 2, 0, 100, storage.storeTransient],
    [0x5e, 3, 0, 3, memory.copyMemory],
  ],
  prague: [],
  // EIP-7939
  osaka: [[0x1e, 1, 1, 5, bitwise.countLeadingZeros]],
}

function numbered(count: number, row: (number: number) => Row): Row[] {
  return Array.from({ length: count }, (_, index) => row(index + 1))
}

export function instructionSetOf(fork: EvmFork): InstructionSet {
  const instructions: (Instruction | undefined)[] = new Array(256).fill(undefined)
  const fixedGas = new Uint16Array(256)
  const leastTop = new Int16Array(256).fill(-limbs)
  const mostTop = new Int16Array(256).fill(1023 * limbs)
  for (const since of Object.keys(added) as EvmFork[]) {
    if (!isAtLeast(fork, since)) continue
    for (const [opcode, takes, gives, gas, instruction] of added[since]) {
      instructions[opcode] = instruction
      fixedGas[opcode] = gas
      leastTop[opcode] = (takes - 1) * limbs
      mostTop[opcode] = (1023 - Math.max(0, gives - takes)) * limbs
    }
  }
  return { instructions, fixedGas, leastTop, mostTop }
}
