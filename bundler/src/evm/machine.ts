// Runs frames: steps through the innermost one, and carries each one's outcome to its caller.
// Frames are a list and not JavaScript's own stack, so that 1024 of them are no danger.
import type { Address, Hex } from 'viem'
import { Code } from './code.ts'
import { create2Address, createAddress } from './creationAddress.ts'
import { ExecutionFrame, type FrameStart, noBytes } from './frame.ts'
import type { Journal } from './journal.ts'
import type { BlockContext, Message } from './message.ts'
import type { EvmObserver, Failure, FrameResult } from './observer.ts'
import type { Rules } from './rules.ts'
import { StepLimitExceeded } from './stepLimitExceeded.ts'
import { limbs, writeHex, writeNumber } from './words.ts'

const maxDepth = 1024
const maxNonce = 2n ** 64n - 1n
/** EIP-170 */
const maxCodeBytes = 24_576
const codeByteGas = 200

/** The slowest precompiles take as long for one gas as so many plain steps. */
const precompileStepsPerGas = 5

/** Failures that leave the gas to the caller. */
const sparing: ReadonlySet<Failure> = new Set([
  'revert',
  'call depth exceeded',
  'insufficient balance',
  'nonce overflow',
])

export type MachineParts = {
  readonly rules: Rules
  readonly journal: Journal
  readonly block: BlockContext
  readonly message: Message
  readonly observer: EvmObserver
  readonly stepLimit: number
}

export type Creation = {
  readonly type: 'CREATE' | 'CREATE2'
  readonly creator: Address
  readonly depth: number
  readonly valueWei: bigint
  readonly initcode: Uint8Array
  /** Of CREATE2 only. */
  readonly salt: Hex | undefined
  readonly gasLimit: number
}

export class Machine {
  readonly rules: Rules
  readonly journal: Journal
  readonly block: BlockContext
  readonly message: Message
  readonly #observer: EvmObserver
  readonly #stepLimit: number
  #stepsLeft: number
  /** The innermost. */
  #frame: ExecutionFrame | undefined = undefined

  constructor(parts: MachineParts) {
    this.rules = parts.rules
    this.journal = parts.journal
    this.block = parts.block
    this.message = parts.message
    this.#observer = parts.observer
    this.#stepLimit = parts.stepLimit
    this.#stepsLeft = parts.stepLimit
  }

  /** So far; the limit where that was exceeded. */
  get steps(): number {
    return this.#stepLimit - Math.max(0, this.#stepsLeft)
  }

  /** Until the frame has ended that `call` or `create` began. */
  run(): void {
    for (;;) {
      const frame = this.#frame
      if (frame === undefined) return
      this.#step(frame)
      // Otherwise it has called another, and waits.
      if (this.#frame === frame) this.#end(frame)
    }
  }

  #step(frame: ExecutionFrame): void {
    const { instructions, fixedGas, leastTop, mostTop } = this.rules.instructionSet
    const { padded } = frame.code
    const observer = this.#observer
    const { watched } = observer
    while (frame.isRunning) {
      this.#spendSteps(1)
      const opcode = padded[frame.pc] as number
      const { counts } = observer
      const count = (counts[opcode] as number) + 1
      counts[opcode] = count
      if (count === 1) observer.firstUse?.(opcode, frame)
      if (watched[opcode] !== 0) observer.beforeStep(opcode, frame)

      const { top } = frame
      const gas = fixedGas[opcode] as number
      if (top < (leastTop[opcode] as number)) frame.fail('stack underflow')
      else if (top > (mostTop[opcode] as number)) frame.fail('stack overflow')
      else if (gas > frame.gasLeft) frame.fail('out of gas')
      else {
        frame.gasLeft -= gas
        const instruction = instructions[opcode]
        if (instruction !== undefined) instruction(frame, this)
        else frame.fail('invalid opcode')
        frame.pc++
      }
    }
  }

  call(start: FrameStart): ExecutionFrame {
    const { journal } = this
    const frame = this.#open(start)
    const caller = journal.account(frame.caller)
    const takesValue = frame.type === 'CALL' || frame.type === 'CALLCODE'
    const refusal = this.#refusal(frame, takesValue ? frame.valueWei : 0n)
    if (refusal !== undefined) frame.fail(refusal)
    else {
      frame.snapshot = journal.snapshot
      if (frame.type === 'CALL') journal.transfer(caller, journal.account(frame.address), frame.valueWei)
      this.#begin(frame)
    }
    if (!frame.isRunning) this.#end(frame)
    return frame
  }

  create(creation: Creation): ExecutionFrame {
    const { journal } = this
    const creator = journal.account(creation.creator)
    const nonce = journal.nonce(creator)
    const code = new Code(creation.initcode)
    const address =
      creation.salt === undefined
        ? createAddress(creator.address, nonce)
        : create2Address(creator.address, creation.salt, code.bytes)
    const frame = this.#open({
      type: creation.type,
      depth: creation.depth,
      address,
      codeAddress: address,
      caller: creator.address,
      valueWei: creation.valueWei,
      input: code.bytes,
      isStatic: false,
      gasLimit: creation.gasLimit,
      code,
      outputOffset: 0,
      outputLength: 0,
    })
    const refusal =
      this.#refusal(frame, creation.valueWei) ?? (nonce === maxNonce ? 'nonce overflow' : undefined)
    if (refusal !== undefined) frame.fail(refusal)
    else {
      journal.setNonce(creator, nonce + 1n)
      const account = journal.account(address)
      journal.warm(account)
      // What follows is undone by a failure; what has come before stays.
      frame.snapshot = journal.snapshot
      if (journal.nonce(account) !== 0n || journal.code(account).length > 0) frame.fail('address collision')
      else {
        journal.markCreated(account)
        journal.setNonce(account, 1n)
        journal.transfer(creator, account, creation.valueWei)
        this.#begin(frame)
      }
    }
    if (!frame.isRunning) this.#end(frame)
    return frame
  }

  #open(start: FrameStart): ExecutionFrame {
    const frame = new ExecutionFrame(start, this.#frame, this.journal.snapshot)
    if (frame.depth > 0) this.#observer.enter(frame)
    return frame
  }

  #refusal(frame: ExecutionFrame, valueWei: bigint): Failure | undefined {
    if (frame.depth > maxDepth) return 'call depth exceeded'
    if (valueWei === 0n) return undefined
    const { journal } = this
    return journal.balance(journal.account(frame.caller)) < valueWei ? 'insufficient balance' : undefined
  }

  /** Makes the frame the one that runs; or ends it at once, where there is nothing to step through. */
  #begin(frame: ExecutionFrame): void {
    const isCreation = frame.type === 'CREATE' || frame.type === 'CREATE2'
    const precompile = isCreation ? undefined : this.rules.precompiles.get(frame.codeAddress)
    if (precompile !== undefined) {
      const gas = precompile.gas(frame.input)
      if (!frame.charge(gas)) return
      this.#spendSteps(precompileStepsPerGas * gas)
      const output = precompile.run(frame.input)
      if (output === undefined) frame.fail('precompile refused its input')
      else frame.finish(output)
    } else if (frame.code.length === 0) frame.finish(noBytes)
    else {
      if (frame.parent !== undefined) frame.parent.isRunning = false
      this.#frame = frame
    }
  }

  #spendSteps(steps: number): void {
    this.#stepsLeft -= steps
    if (this.#stepsLeft < 0) throw new StepLimitExceeded(this.#stepLimit)
  }

  #end(frame: ExecutionFrame): void {
    const isCreation = frame.type === 'CREATE' || frame.type === 'CREATE2'
    if (isCreation && frame.failure === undefined) this.#depositCode(frame)
    const { failure, parent } = frame
    if (failure !== undefined) {
      this.journal.revertTo(frame.snapshot)
      if (!sparing.has(failure)) frame.gasLeft = 0
      if (failure !== 'revert') frame.output = noBytes
    }
    this.#frame = parent
    if (parent !== undefined) {
      this.#observer.exit(frame, resultOf(frame))
      resume(parent, frame, isCreation)
    }
    frame.release()
  }

  #depositCode(frame: ExecutionFrame): void {
    const code = frame.output
    if (code.length > maxCodeBytes) frame.fail('code too large')
    // EIP-3541
    else if (code[0] === 0xef) frame.fail('code begins with 0xef')
    else if (!frame.charge(codeByteGas * code.length)) frame.failure = 'code store out of gas'
    else this.journal.setCode(this.journal.account(frame.address), new Code(code))
  }
}

function resultOf(frame: ExecutionFrame): FrameResult {
  const { failure, output } = frame
  const gasUsed = frame.gasLimit - frame.gasLeft
  return failure === undefined
    ? { success: true, output, gasUsed }
    : { success: false, output, gasUsed, error: failure }
}

/** Gives the caller what it sees of an ended call: a word, return data, and the gas left. */
function resume(parent: ExecutionFrame, ended: ExecutionFrame, isCreation: boolean): void {
  const succeeded = ended.failure === undefined
  parent.gasLeft += ended.gasLeft
  parent.top += limbs
  if (succeeded && isCreation) writeHex(parent.words, parent.top, ended.address)
  else writeNumber(parent.words, parent.top, succeeded ? 1 : 0)
  parent.returnData = succeeded && isCreation ? noBytes : ended.output
  const copied = Math.min(ended.outputLength, parent.returnData.length)
  if (copied > 0) parent.memory.bytes.set(parent.returnData.subarray(0, copied), ended.outputOffset)
  parent.isRunning = true
}
