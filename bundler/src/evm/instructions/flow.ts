// STOP, jumps, and the ends of a frame.
import { type ExecutionFrame, noBytes } from '../frame.ts'
import { isZero, limbs, readIndex, writeNumber } from '../words.ts'

export function stop(frame: ExecutionFrame): void {
  frame.finish(noBytes)
}

export function invalid(frame: ExecutionFrame): void {
  frame.fail('invalid opcode')
}

function goTo(frame: ExecutionFrame, destination: number): void {
  if (!frame.code.isJumpDestination(destination)) {
    frame.fail('invalid jump')
    return
  }
  // The machine steps on by one after each instruction.
  frame.pc = destination - 1
}

export function jump(frame: ExecutionFrame): void {
  const destination = readIndex(frame.words, frame.top)
  frame.top -= limbs
  goTo(frame, destination)
}

export function jumpIf(frame: ExecutionFrame): void {
  const { words, top } = frame
  frame.top = top - 2 * limbs
  if (!isZero(words, top - limbs)) goTo(frame, readIndex(words, top))
}

export function jumpDestination(): void {}

export function programCounter(frame: ExecutionFrame): void {
  frame.top += limbs
  writeNumber(frame.words, frame.top, frame.pc)
}

export function gas(frame: ExecutionFrame): void {
  frame.top += limbs
  writeNumber(frame.words, frame.top, frame.gasLeft)
}

/** A copy of the memory that the two topmost words tell; undefined when the frame has failed. */
function takeOutput(frame: ExecutionFrame): Uint8Array | undefined {
  const offset = readIndex(frame.words, frame.top)
  const length = readIndex(frame.words, frame.top - limbs)
  if (!frame.reach(offset, length)) return undefined
  return length === 0 ? noBytes : frame.memory.bytes.slice(offset, offset + length)
}

export function returnOutput(frame: ExecutionFrame): void {
  const output = takeOutput(frame)
  if (output !== undefined) frame.finish(output)
}

export function revert(frame: ExecutionFrame): void {
  const output = takeOutput(frame)
  if (output === undefined) return
  frame.finish(output)
  frame.failure = 'revert'
}
