// Watches an execution and keeps its calls as a tree, in the form of a node's callTracer, and with the gas that each of
// them needs, which may be more than it uses.

import { hexOf } from '@worldland-aa/service/crypto/bytes'
import { type Hex, numberToHex } from 'viem'
import type { CallFrame } from '../estimation/callFrame.ts'
import type { ExecutionResult } from '../evm/evm.ts'
import { stipendGas } from '../evm/gas.ts'
import type { EvmObserver, Frame, FrameResult } from '../evm/observer.ts'

type OpenFrame = {
  /** Absent for the outermost. */
  readonly frame: Frame | undefined
  readonly calls: CallFrame[]
  /** So much it must have had to come as far as it has. */
  gasNeeded: number
}

const keccakOpcode = 0x20
const storeOpcode = 0x55
/** Far more than an honest operation has. */
const mostPreimages = 5_000
const watched = new Uint8Array(256)
watched[keccakOpcode] = 1
watched[storeOpcode] = 1

export class CallTreeCollector implements EvmObserver {
  readonly watched = watched
  counts: Uint32Array = new Uint32Array(256)
  readonly #open: OpenFrame[] = [{ frame: undefined, calls: [], gasNeeded: 0 }]

  /** Whatever 64 bytes were hashed: how Solidity finds the entry of a mapping. */
  readonly mappingPreimages: Uint8Array[] = []

  beforeStep(opcode: number, frame: Frame): void {
    // SSTORE runs only where more than the stipend is left. EIP-2200
    if (opcode === storeOpcode) need(this.#open.at(-1), frame.gasLimit - frame.gasLeft + stipendGas + 1)
    else if (frame.peek(1) === 64n && this.mappingPreimages.length < mostPreimages) {
      this.mappingPreimages.push(frame.readMemory(Number(frame.peek(0)), 64))
    }
  }

  enter(frame: Frame): void {
    this.#open.push({ frame, calls: [], gasNeeded: 0 })
  }

  exit(frame: Frame, { success, error, output, gasUsed }: FrameResult): void {
    const ended = this.#open.pop()
    const caller = this.#open.at(-1)
    // A frame that ran dry did so with what it had.
    const gasNeeded = Math.min(frame.gasLimit, Math.max(gasUsed, ended?.gasNeeded ?? 0))
    caller?.calls.push({
      type: frame.type,
      to: frame.codeAddress,
      input: hexOf(frame.input),
      output: hexOf(output),
      gas: numberToHex(frame.gasLimit),
      gasUsed: numberToHex(gasUsed),
      gasNeeded: numberToHex(gasNeeded),
      ...(!success && { error: error ?? 'revert' }),
      calls: ended?.calls ?? [],
    })
    if (caller?.frame === undefined) return
    const stipend = hasStipend(frame) ? stipendGas : 0
    // What is passed on is not the caller's again before this returns.
    const spentBefore = caller.frame.gasLimit - caller.frame.gasLeft - (frame.gasLimit - stipend)
    need(caller, spentBefore + leastToPass(gasNeeded - stipend))
  }

  /** The outermost call, once it has ended. */
  root(call: { data: Hex; gas: bigint }, { success, error, output, gasUsed }: ExecutionResult): CallFrame {
    return {
      type: 'CALL',
      input: call.data,
      output,
      gas: numberToHex(call.gas),
      gasUsed: numberToHex(gasUsed),
      ...(!success && { error: error ?? 'revert' }),
      calls: this.#open[0]?.calls ?? [],
    }
  }
}

function need(open: OpenFrame | undefined, gas: number): void {
  if (open !== undefined && gas > open.gasNeeded) open.gasNeeded = gas
}

function hasStipend({ type, valueWei }: Frame): boolean {
  return (type === 'CALL' || type === 'CALLCODE') && valueWei > 0n
}

/** The least of which all but one 64th is still so much. EIP-150 */
function leastToPass(gas: number): number {
  return gas <= 0 ? 0 : gas + Math.floor((gas - 1) / 63)
}
