// EVM code that makes given calls one after the other and returns what each answered. It is never
// deployed: eth_call runs it in the EntryPoint's place, so that an account sees its EntryPoint calling.
// London opcodes only.
import { type Address, concat, type Hex, hexToBigInt, hexToBool, numberToHex, size, slice } from 'viem'

export type SequencedCall = {
  readonly to: Address
  readonly data: Hex
  /** All that is left, where it is not given. */
  readonly gas?: bigint
  readonly valueWei?: bigint
}
export type SequencedAnswer = {
  readonly success: boolean
  /** By the call itself, its access to the address included. */
  readonly gasUsed: bigint
  /** The first 256 bytes of what came back, padded with zeros. */
  readonly returnData: Hex
}

const answerDataBytes = 256
const answerBytes = 64 + answerDataBytes

const opcode = {
  codecopy: '0x39',
  mstore: '0x52',
  gas: '0x5a',
  call: '0xf1',
  return: '0xf3',
  swap1: '0x90',
  sub: '0x03',
} as const

/** Answers stand at the start of memory, 320 bytes for each call; calldata is laid out after them. `prologue` runs first. */
export function callSequenceCode(calls: readonly SequencedCall[], prologue: Hex = '0x'): Hex {
  const answersBytes = calls.length * answerBytes
  const end = concat([push(answersBytes), push(0), opcode.return])
  const block = (index: number, call: SequencedCall, dataAt: number): Hex =>
    concat([
      ...[push(size(call.data)), push(dataAt), push(answersBytes), opcode.codecopy],
      opcode.gas,
      ...[push(answerDataBytes), push(index * answerBytes + 64), push(size(call.data)), push(answersBytes)],
      ...([pushWide(call.valueWei ?? 0n), '0x73', call.to] as Hex[]),
      ...[call.gas === undefined ? opcode.gas : pushWide(call.gas), opcode.call],
      ...[push(index * answerBytes), opcode.mstore],
      ...[opcode.gas, opcode.swap1, opcode.sub, push(index * answerBytes + 32), opcode.mstore],
    ])
  const blockBytes = calls.map((call, index) => size(block(index, call, 0)))
  let dataAt = blockBytes.reduce((sum, bytes) => sum + bytes, size(prologue) + size(end))
  const blocks = calls.map((call, index) => {
    const code = block(index, call, dataAt)
    dataAt += size(call.data)
    return code
  })
  return concat([prologue, ...blocks, end, ...calls.map(call => call.data)])
}

export function readAnswers(returned: Hex): readonly SequencedAnswer[] {
  return Array.from({ length: size(returned) / answerBytes }, (_, index) => {
    const answer = slice(returned, index * answerBytes, (index + 1) * answerBytes)
    return {
      success: hexToBool(slice(answer, 0, 32), { size: 32 }),
      gasUsed: hexToBigInt(slice(answer, 32, 64)),
      returnData: slice(answer, 64),
    }
  })
}

/** PUSH3, whatever the value, so that code does not change its length with the places it names. */
function push(value: number): Hex {
  return concat(['0x62', numberToHex(value, { size: 3 })])
}

/** PUSH16, for gas and wei. */
function pushWide(value: bigint): Hex {
  return concat(['0x6f', numberToHex(value, { size: 16 })])
}
