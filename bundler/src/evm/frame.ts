// One call or creation while it runs: its stack, memory and gas, and how it ended.
// Instructions work on it; observers see it as `Frame`.
import type { Address } from 'viem'
import type { Code } from './code.ts'
import { Memory } from './memory.ts'
import type { CallType, Failure, Frame } from './observer.ts'
import { limbs, readAddress, readBigint } from './words.ts'
import { returnWorkspace, takeWorkspace, type Workspace } from './workspace.ts'

export type FrameStart = {
  readonly type: CallType
  readonly depth: number
  readonly address: Address
  readonly codeAddress: Address
  readonly caller: Address
  readonly valueWei: bigint
  readonly input: Uint8Array
  readonly isStatic: boolean
  readonly gasLimit: number
  readonly code: Code
  /** Where in the caller's memory the output goes. */
  readonly outputOffset: number
  readonly outputLength: number
}

export const noBytes = new Uint8Array(0)

export class ExecutionFrame implements Frame {
  readonly type: CallType
  readonly depth: number
  readonly address: Address
  readonly codeAddress: Address
  readonly caller: Address
  readonly valueWei: bigint
  readonly input: Uint8Array
  readonly isStatic: boolean
  readonly gasLimit: number
  readonly code: Code
  readonly outputOffset: number
  readonly outputLength: number
  readonly parent: ExecutionFrame | undefined
  /** Of the journal, to return to after a failure. */
  snapshot: number
  readonly words: Uint32Array
  readonly wide: BigUint64Array
  readonly memory: Memory
  readonly #workspace: Workspace
  pc = 0
  gasLeft: number
  /** Where the top word's limbs begin; below 0 on an empty stack. */
  top = -limbs
  /** What the last call returned. */
  returnData: Uint8Array = noBytes
  /** False once it has ended, and while another frame runs that it called. */
  isRunning = true
  output: Uint8Array = noBytes
  failure: Failure | undefined = undefined

  constructor(start: FrameStart, parent: ExecutionFrame | undefined, snapshot: number) {
    this.type = start.type
    this.depth = start.depth
    this.address = start.address
    this.codeAddress = start.codeAddress
    this.caller = start.caller
    this.valueWei = start.valueWei
    this.input = start.input
    this.isStatic = start.isStatic
    this.gasLimit = start.gasLimit
    this.code = start.code
    this.outputOffset = start.outputOffset
    this.outputLength = start.outputLength
    this.parent = parent
    this.snapshot = snapshot
    this.gasLeft = start.gasLimit
    this.#workspace = takeWorkspace()
    this.words = this.#workspace.stack.limbs
    this.wide = this.#workspace.stack.wide
    this.memory = this.#workspace.memory
  }

  /** Initcode has none. */
  get calldata(): Uint8Array {
    return this.type === 'CREATE' || this.type === 'CREATE2' ? noBytes : this.input
  }

  get stackSize(): number {
    return this.top / limbs + 1
  }

  get memoryBytes(): number {
    return this.memory.size
  }

  peek(depth: number): bigint {
    const at = this.top - depth * limbs
    return at < 0 ? 0n : readBigint(this.wide, at)
  }

  peekAddress(depth: number): Address {
    const at = this.top - depth * limbs
    return at < 0 ? '0x0000000000000000000000000000000000000000' : readAddress(this.words, at)
  }

  readMemory(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    bytes.set(this.memory.bytes.subarray(offset, Math.min(offset + length, this.memory.size)))
    return bytes
  }

  /** Ends the frame with an exception, which takes all its gas. */
  fail(failure: Failure): void {
    this.failure = failure
    this.isRunning = false
  }

  finish(output: Uint8Array): void {
    this.output = output
    this.isRunning = false
  }

  /** False, and the frame has failed, when there is not so much gas left. */
  charge(gas: number): boolean {
    if (gas > this.gasLeft) {
      this.fail('out of gas')
      return false
    }
    this.gasLeft -= gas
    return true
  }

  /** Pays for memory up to there and grows it; false when the frame has failed. Anything may be asked: gas limits it. */
  reach(offset: number, length: number): boolean {
    if (length === 0 || offset + length <= this.memory.size) return true
    const size = Math.ceil((offset + length) / 32) * 32
    if (!this.charge(Memory.cost(size) - Memory.cost(this.memory.size))) return false
    this.memory.grow(size)
    return true
  }

  /**
   * False, and the frame has failed, in a static call (EIP-214). Asked when all is paid for, as geth does: which of two
   * failures it was, a validation can be refused for.
   */
  mayWrite(): boolean {
    if (this.isStatic) this.fail('static violation')
    return !this.isStatic
  }

  /** A view of the memory, which must have been reached. */
  memorySlice(offset: number, length: number): Uint8Array {
    return length === 0 ? noBytes : this.memory.bytes.subarray(offset, offset + length)
  }

  /** The frame must not be used any more. */
  release(): void {
    returnWorkspace(this.#workspace)
  }
}
