// How a tracer watches an execution. All it is shown is live: it must copy what it keeps beyond the call.
import type { Address } from 'viem'
import type { Code } from './code.ts'

export type EvmObserver = {
  /** 256 flags: the opcodes for which `beforeStep` is called. */
  readonly watched: Uint8Array
  /** Before gas and stack are checked: the instruction may yet fail. */
  beforeStep(opcode: number, frame: Frame): void
  /** How often each opcode ran or failed; the EVM counts up. May be replaced in any of the methods. */
  counts: Uint32Array
  /** When an opcode's count has become 1, before its `beforeStep`. */
  firstUse?(opcode: number, frame: Frame): void
  /**
   * Each call and creation below the outermost message, also of precompiles and of accounts without code,
   * and those refused for depth or balance.
   */
  enter(frame: Frame): void
  exit(frame: Frame, result: FrameResult): void
}

export type CallType = 'CALL' | 'CALLCODE' | 'DELEGATECALL' | 'STATICCALL' | 'CREATE' | 'CREATE2'

export type Frame = {
  readonly type: CallType
  /** 0 for the outermost message. */
  readonly depth: number
  /** Whose storage it is; in a creation the new contract. */
  readonly address: Address
  /** Who was called for its code: differs from `address` in CALLCODE and DELEGATECALL. */
  readonly codeAddress: Address
  readonly caller: Address
  /** What CALLVALUE answers. */
  readonly valueWei: bigint
  /** Calldata; in a creation the initcode. */
  readonly input: Uint8Array
  readonly isStatic: boolean
  readonly gasLimit: number
  /** What runs: behind a delegation the delegate's code, in a creation the initcode. */
  readonly code: Code
  readonly pc: number
  readonly gasLeft: number
  readonly stackSize: number
  readonly memoryBytes: number
  /** The word `depth` below the top of the stack; 0 beyond its end. */
  peek(depth: number): bigint
  /** The same as an address. */
  peekAddress(depth: number): Address
  /** A copy, with zeros beyond the memory's end. */
  readMemory(offset: number, length: number): Uint8Array
}

export type FrameResult = {
  readonly success: boolean
  /** Return or revert data; in a creation the code; empty after an exception. */
  readonly output: Uint8Array
  readonly gasUsed: number
  readonly error?: Failure
}

export type Failure =
  | 'revert'
  | 'out of gas'
  | 'code store out of gas'
  | 'invalid opcode'
  | 'invalid jump'
  | 'stack underflow'
  | 'stack overflow'
  | 'static violation'
  | 'return data out of bounds'
  | 'call depth exceeded'
  | 'insufficient balance'
  | 'nonce overflow'
  | 'address collision'
  | 'code too large'
  | 'code begins with 0xef'
  | 'initcode too large'
  | 'precompile refused its input'
  | 'intrinsic gas too low'
