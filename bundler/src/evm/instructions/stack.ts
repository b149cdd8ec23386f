// POP, PUSH, DUP and SWAP: most of what contracts do, so written out for the short pushes.
import type { ExecutionFrame } from '../frame.ts'
import { limbs, writeNumber } from '../words.ts'
import type { Instruction } from './instruction.ts'

export function pop(frame: ExecutionFrame): void {
  frame.top -= limbs
}

export function pushZero(frame: ExecutionFrame): void {
  frame.top += limbs
  writeNumber(frame.words, frame.top, 0)
}

function pushOneByte(frame: ExecutionFrame): void {
  frame.top += limbs
  writeNumber(frame.words, frame.top, frame.code.padded[frame.pc + 1] as number)
  frame.pc += 1
}

function pushTwoBytes(frame: ExecutionFrame): void {
  const { padded } = frame.code
  frame.top += limbs
  const value = ((padded[frame.pc + 1] as number) << 8) | (padded[frame.pc + 2] as number)
  writeNumber(frame.words, frame.top, value)
  frame.pc += 2
}

function pushBytes(length: number): Instruction {
  return frame => {
    const { words } = frame
    const { padded } = frame.code
    frame.top += limbs
    const { top } = frame
    writeNumber(words, top, 0)
    frame.pc += length
    const last = frame.pc
    for (let index = 0; index < length; index++) {
      const limb = top + (index >> 2)
      words[limb] = (words[limb] as number) | ((padded[last - index] as number) << (8 * (index & 3)))
    }
  }
}

/** PUSH1 to PUSH32. */
export function push(length: number): Instruction {
  if (length === 1) return pushOneByte
  return length === 2 ? pushTwoBytes : pushBytes(length)
}

/** DUP1 to DUP16. */
export function duplicate(depth: number): Instruction {
  const distance = depth * limbs
  return frame => {
    const { words } = frame
    frame.top += limbs
    const { top } = frame
    const from = top - distance
    for (let limb = 0; limb < limbs; limb++) words[top + limb] = words[from + limb] as number
  }
}

/** SWAP1 to SWAP16. */
export function swap(depth: number): Instruction {
  const distance = depth * limbs
  return frame => {
    const { words, top } = frame
    const other = top - distance
    for (let limb = 0; limb < limbs; limb++) {
      const kept = words[top + limb] as number
      words[top + limb] = words[other + limb] as number
      words[other + limb] = kept
    }
  }
}
