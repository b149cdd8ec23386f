// Watches an execution of handleOps in our own EVM and collects what the collector inside a node does
// (`debugCollector.ts`), step for step in the same sense, so that both are read by `debugTrace.ts`.

import { hexOf } from '@worldland-aa/service/crypto/bytes'
import type { Address, Hex } from 'viem'
import type { EntryPointSelectors } from '../../entryPoint/entryPointVersion.ts'
import type { Code } from '../../evm/code.ts'
import type { EvmObserver, Frame, FrameResult } from '../../evm/observer.ts'
import type { CollectedPhase, CollectedTrace } from './debugCollector.ts'

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }
type Phase = Omit<
  Writable<CollectedPhase>,
  'opcodes' | 'opcodeContracts' | 'reads' | 'writes' | 'codeAccess'
> & {
  readonly counts: Uint32Array
  /** GAS that no *CALL follows at once. */
  gasCount: number
  readonly opcodeContracts: Record<string, string>
  readonly reads: Record<string, Record<string, number>>
  readonly writes: Record<string, Record<string, number>>
  readonly codeAccess: Record<string, Writable<CollectedPhase['codeAccess'][string]>>
}

const opcode = {
  isZero: 0x15,
  keccak256: 0x20,
  extCodeSize: 0x3b,
  extCodeCopy: 0x3c,
  extCodeHash: 0x3f,
  sload: 0x54,
  sstore: 0x55,
  gas: 0x5a,
  tload: 0x5c,
  tstore: 0x5d,
} as const
const calls = new Set([0xf1, 0xf2, 0xf4, 0xfa])
const watched = new Uint8Array(256)
for (const number of [...Object.values(opcode), ...calls]) watched[number] = 1
watched[opcode.isZero] = 0

const maxOutputBytes = 8_192
const headBytes = 36

export class FactCollector implements EvmObserver {
  readonly watched = watched
  /** Where opcodes outside of phases are counted, which nobody asks for. */
  readonly #elsewhere = new Uint32Array(256)
  counts: Uint32Array = this.#elsewhere
  readonly #selectors: EntryPointSelectors
  readonly #codeOf: (address: Address) => Code
  readonly #phases: Phase[] = []
  readonly #keccak = new Set<string>()
  readonly #gasReadings: number[] = []
  /** Whatever 64 bytes were hashed anywhere: how Solidity finds the entry of a mapping. */
  readonly mappingPreimages: Uint8Array[] = []
  /** Executing addresses of the frames below the EntryPoint, innermost last. */
  readonly #frames: Address[] = []
  /** Code that this execution itself has put there. */
  readonly #created = new Map<Address, number>()
  #phase: Phase | undefined
  #phaseDepth = 0
  /** Whose the call of the SenderCreator will be. */
  #creates: 'factory' | 'sender' | undefined

  /** `codeOf`: what the state holds before the execution. */
  constructor(selectors: EntryPointSelectors, codeOf: (address: Address) => Code) {
    this.#selectors = selectors
    this.#codeOf = codeOf
  }

  beforeStep(number: number, frame: Frame): void {
    const phase = this.#phase
    if (number === opcode.keccak256 && frame.peek(1) === 64n) {
      this.mappingPreimages.push(frame.readMemory(Number(frame.peek(0)), 64))
    }
    if (phase === undefined) {
      if (number === opcode.gas && frame.depth === 0) this.#gasReadings.push(frame.gasLeft)
      else if (number === opcode.keccak256) this.#hash(frame)
      return
    }
    const next = frame.code.padded[frame.pc + 1] as number
    switch (number) {
      case opcode.sload:
      case opcode.tload:
        touch(phase.reads, frame)
        return
      case opcode.sstore:
      case opcode.tstore:
        touch(phase.writes, frame)
        return
      case opcode.keccak256:
        this.#hash(frame)
        return
      case opcode.gas:
        // ERC-7562 [OP-012] What comes next in the code is what is executed next.
        if (calls.has(next)) return
        if (phase.gasCount++ === 0) phase.opcodeContracts[number] = frame.address
        return
      case opcode.extCodeSize: {
        // ERC-7562 [OP-051] EXTCODESIZE ISZERO only asks whether there is code.
        const access = this.#useCode(phase, number, frame.peekAddress(0), frame)
        if (next !== opcode.isZero) access.inspected = true
        return
      }
      case opcode.extCodeCopy:
      case opcode.extCodeHash:
        this.#useCode(phase, number, frame.peekAddress(0), frame).inspected = true
        return
      default:
        this.#useCode(phase, number, frame.peekAddress(1), frame)
    }
  }

  firstUse(number: number, frame: Frame): void {
    if (this.#phase !== undefined && number !== opcode.gas)
      this.#phase.opcodeContracts[number] = frame.address
  }

  enter(frame: Frame): void {
    const { type } = frame
    const isCreation = type === 'CREATE' || type === 'CREATE2'
    const phase = this.#phase
    if (phase === undefined) this.#open(frame)
    else if (isCreation) {
      phase.creations = [...phase.creations, { opcode: type, contract: this.#here(), created: frame.address }]
    } else {
      const value = type === 'STATICCALL' ? '0' : frame.valueWei.toString(16)
      const head = hexOf(frame.input.subarray(0, headBytes))
      ;(phase.calls as Record<string, number>)[
        `${type} ${this.#here()} ${frame.codeAddress} ${value} ${head}`
      ] = 1
    }
    this.#frames.push(frame.address)
  }

  exit(frame: Frame, { success, error, output, gasUsed }: FrameResult): void {
    const phase = this.#phase
    if (phase !== undefined && (error === 'out of gas' || error === 'code store out of gas')) {
      phase.outOfGas = [...phase.outOfGas, this.#here()]
    }
    if (success && (frame.type === 'CREATE' || frame.type === 'CREATE2')) {
      this.#created.set(frame.address, output.length)
    }
    this.#frames.pop()
    if (phase !== undefined && this.#frames.length === this.#phaseDepth) {
      phase.gasUsed = gasUsed
      phase.output = hexOf(output.subarray(0, maxOutputBytes))
      phase.error = !success
      this.#phase = undefined
      this.counts = this.#elsewhere
    }
    if (this.#frames.length === 0) this.#creates = undefined
  }

  /** `output`: what handleOps returned or reverted with. */
  result(output: Hex): CollectedTrace {
    return {
      phases: this.#phases.map(({ counts, gasCount, ...phase }) => {
        counts[opcode.gas] = gasCount
        return { ...phase, opcodes: opcodesOf(counts) }
      }),
      keccak: [...this.#keccak],
      gasReadings: this.#gasReadings,
      output,
    }
  }

  /** A phase begins where the EntryPoint, or the SenderCreator for it, calls an entity. */
  #open(frame: Frame): void {
    const role = frame.type === 'CALL' ? this.#roleOf(frame) : undefined
    if (role === undefined) return
    this.#phaseDepth = this.#frames.length
    this.#phase = {
      role,
      entity: frame.address,
      delegate: this.#codeOf(frame.address).delegate ?? '',
      gasLimit: frame.gasLimit,
      gasUsed: 0,
      output: '0x',
      error: false,
      counts: new Uint32Array(256),
      gasCount: 0,
      opcodeContracts: {},
      reads: {},
      writes: {},
      codeAccess: {},
      calls: {},
      creations: [],
      outOfGas: [],
    }
    this.counts = this.#phase.counts
    this.#phases.push(this.#phase)
  }

  #roleOf(frame: Frame): CollectedPhase['role'] | undefined {
    const depth = this.#frames.length
    if (depth === 1) return this.#creates
    if (depth !== 0) return undefined
    switch (hexOf(frame.input.subarray(0, 4))) {
      case this.#selectors.createSender:
        this.#creates = 'factory'
        return undefined
      case this.#selectors.initEip7702Sender:
        this.#creates = 'sender'
        return undefined
      case this.#selectors.validateUserOp:
        return 'sender'
      case this.#selectors.validatePaymasterUserOp:
        return 'paymaster'
      default:
        return undefined
    }
  }

  #useCode(phase: Phase, number: number, address: Address, frame: Frame) {
    const known = phase.codeAccess[address]
    if (known !== undefined) return known
    const code = this.#codeOf(address)
    const access = {
      codeBytes: this.#created.get(address) ?? code.length,
      opcode: number,
      contract: frame.address as string,
      inspected: false,
      delegate: code.delegate ?? '',
    }
    phase.codeAccess[address] = access
    return access
  }

  /** Only a preimage that begins with a left-padded address makes a slot associated. */
  #hash(frame: Frame): void {
    const length = frame.peek(1)
    if (length < 32n || length > 512n) return
    const bytes = frame.readMemory(Number(frame.peek(0)), Number(length))
    for (let at = 0; at < 12; at++) if (bytes[at] !== 0) return
    this.#keccak.add(hexOf(bytes))
  }

  #here(): Address {
    return this.#frames.at(-1) as Address
  }
}

function touch(accesses: Record<string, Record<string, number>>, frame: Frame): void {
  const { address } = frame
  const slots = accesses[address] ?? {}
  accesses[address] = slots
  slots[frame.peek(0).toString(16)] = 1
}

function opcodesOf(counts: Uint32Array): Record<string, number> {
  const opcodes: Record<string, number> = {}
  for (const [number, count] of counts.entries()) if (count > 0) opcodes[number] = count
  return opcodes
}
