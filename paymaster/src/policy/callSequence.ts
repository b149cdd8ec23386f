// EVM code that makes given calls one after the other and returns what each answered. It is never
// deployed: eth_call runs it in the EntryPoint's place, so that an account sees its EntryPoint calling.
// London opcodes only.
import { type Address, type Hex, size } from 'viem'

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
  codecopy: '39',
  mstore: '52',
  gas: '5a',
  call: 'f1',
  return: 'f3',
  swap1: '90',
  sub: '03',
  push20: '73',
} as const

/** Answers stand at the start of memory, 320 bytes for each call; calldata is laid out after them. `prologue` runs first. */
export function callSequenceCode(calls: readonly SequencedCall[], prologue: Hex = '0x'): Hex {
  const answersBytes = calls.length * answerBytes
  const end = [push(answersBytes), push(0), opcode.return].join('')
  // Text is joined and measured by itself: this is built for every request.
  const block = (index: number, call: SequencedCall, dataAt: number): string =>
    [
      ...[push(size(call.data)), push(dataAt), push(answersBytes), opcode.codecopy],
      opcode.gas,
      ...[push(answerDataBytes), push(index * answerBytes + 64), push(size(call.data)), push(answersBytes)],
      ...[pushWide(call.valueWei ?? 0n), opcode.push20, call.to.slice(2)],
      ...[call.gas === undefined ? opcode.gas : pushWide(call.gas), opcode.call],
      ...[push(index * answerBytes), opcode.mstore],
      ...[opcode.gas, opcode.swap1, opcode.sub, push(index * answerBytes + 32), opcode.mstore],
    ].join('')
  const blockDigits = calls.map((call, index) => block(index, call, 0).length)
  let dataAt = blockDigits.reduce((sum, digits) => sum + digits / 2, size(prologue) + end.length / 2)
  const blocks = calls.map((call, index) => {
    const code = block(index, call, dataAt)
    dataAt += size(call.data)
    return code
  })
  return `${prologue}${blocks.join('')}${end}${calls.map(call => call.data.slice(2)).join('')}`
}

export function readAnswers(returned: Hex): readonly SequencedAnswer[] {
  return Array.from({ length: size(returned) / answerBytes }, (_, index) => {
    const answer = returned.slice(2 + index * answerBytes * 2, 2 + (index + 1) * answerBytes * 2)
    return {
      success: BigInt(`0x${answer.slice(0, 64)}`) === 1n,
      gasUsed: BigInt(`0x${answer.slice(64, 128)}`),
      returnData: `0x${answer.slice(128)}`,
    }
  })
}

/** PUSH3, whatever the value, so that code does not change its length with the places it names. */
function push(value: number): string {
  return `62${value.toString(16).padStart(6, '0')}`
}

/** PUSH16, for gas and wei. */
function pushWide(value: bigint): string {
  return `6f${value.toString(16).padStart(32, '0')}`
}
