// Memory, calldata, code and return data: all that copies bytes; and KECCAK256.

import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import type { ExecutionFrame } from '../frame.ts'
import { limbs, readBytes, readIndex, writeBytes, writeNumber, writePaddedBytes } from '../words.ts'

export function loadMemory(frame: ExecutionFrame): void {
  const offset = readIndex(frame.words, frame.top)
  if (frame.reach(offset, 32)) writeBytes(frame.words, frame.top, frame.memory.view, offset)
}

export function storeMemory(frame: ExecutionFrame): void {
  const { words, top } = frame
  const offset = readIndex(words, top)
  if (!frame.reach(offset, 32)) return
  readBytes(words, top - limbs, frame.memory.view, offset)
  frame.top = top - 2 * limbs
}

export function storeMemoryByte(frame: ExecutionFrame): void {
  const { words, top } = frame
  const offset = readIndex(words, top)
  if (!frame.reach(offset, 1)) return
  frame.memory.bytes[offset] = words[top - limbs] as number
  frame.top = top - 2 * limbs
}

export function memorySize(frame: ExecutionFrame): void {
  frame.top += limbs
  writeNumber(frame.words, frame.top, frame.memory.size)
}

/** 3 gas a word. */
function chargeCopy(frame: ExecutionFrame, length: number): boolean {
  return frame.charge(3 * Math.ceil(length / 32))
}

/** EIP-5656 */
export function copyMemory(frame: ExecutionFrame): void {
  const { words, top } = frame
  const to = readIndex(words, top)
  const from = readIndex(words, top - limbs)
  const length = readIndex(words, top - 2 * limbs)
  if (!chargeCopy(frame, length) || !frame.reach(Math.max(to, from), length)) return
  frame.top = top - 3 * limbs
  if (length > 0) frame.memory.bytes.copyWithin(to, from, from + length)
}

export function keccak(frame: ExecutionFrame): void {
  const { words, top } = frame
  const offset = readIndex(words, top)
  const length = readIndex(words, top - limbs)
  if (!frame.charge(6 * Math.ceil(length / 32)) || !frame.reach(offset, length)) return
  frame.top = top - limbs
  writePaddedBytes(words, frame.top, keccak256(frame.memorySlice(offset, length)), 0)
}

export function loadCalldata(frame: ExecutionFrame): void {
  writePaddedBytes(frame.words, frame.top, frame.calldata, readIndex(frame.words, frame.top))
}

export function calldataSize(frame: ExecutionFrame): void {
  frame.top += limbs
  writeNumber(frame.words, frame.top, frame.calldata.length)
}

export function copyCalldata(frame: ExecutionFrame): void {
  copyIn(frame, frame.calldata)
}

export function codeSize(frame: ExecutionFrame): void {
  frame.top += limbs
  writeNumber(frame.words, frame.top, frame.code.length)
}

export function copyCode(frame: ExecutionFrame): void {
  copyIn(frame, frame.code.bytes)
}

export function returnDataSize(frame: ExecutionFrame): void {
  frame.top += limbs
  writeNumber(frame.words, frame.top, frame.returnData.length)
}

/** EIP-211: to read beyond the end is an exception, unlike elsewhere. */
export function copyReturnData(frame: ExecutionFrame): void {
  const from = readIndex(frame.words, frame.top - limbs)
  const length = readIndex(frame.words, frame.top - 2 * limbs)
  if (from + length > frame.returnData.length) {
    frame.fail('return data out of bounds')
    return
  }
  copyIn(frame, frame.returnData)
}

/** Takes where to, where from and how much from the stack. */
export function copyIn(frame: ExecutionFrame, source: Uint8Array): void {
  const { words, top } = frame
  const to = readIndex(words, top)
  const from = readIndex(words, top - limbs)
  const length = readIndex(words, top - 2 * limbs)
  if (!chargeCopy(frame, length) || !frame.reach(to, length)) return
  frame.top = top - 3 * limbs
  frame.memory.copyIn(to, source, from, length)
}
