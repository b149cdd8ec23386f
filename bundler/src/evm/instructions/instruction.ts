// What an instruction is: it works on its frame, after its fixed gas was taken and its operands counted.
import type { ExecutionFrame } from '../frame.ts'
import type { Machine } from '../machine.ts'

export type Instruction = (frame: ExecutionFrame, machine: Machine) => void
