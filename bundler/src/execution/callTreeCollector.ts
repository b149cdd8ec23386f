// Watches an execution and keeps its calls as a tree, in the form of a node's callTracer.
import { bytesToHex, type Hex, numberToHex } from 'viem'
import type { CallFrame } from '../estimation/callFrame.ts'
import type { ExecutionResult } from '../evm/evm.ts'
import type { EvmObserver, Frame, FrameResult } from '../evm/observer.ts'

type OpenFrame = { readonly calls: CallFrame[] }

export class CallTreeCollector implements EvmObserver {
  readonly watched = new Uint8Array(256)
  counts: Uint32Array = new Uint32Array(256)
  readonly #open: OpenFrame[] = [{ calls: [] }]

  beforeStep(): void {}

  enter(): void {
    this.#open.push({ calls: [] })
  }

  exit(frame: Frame, { success, error, output, gasUsed }: FrameResult): void {
    const calls = this.#open.pop()?.calls ?? []
    this.#open.at(-1)?.calls.push({
      type: frame.type,
      to: frame.codeAddress,
      input: bytesToHex(frame.input),
      output: bytesToHex(output),
      gas: numberToHex(frame.gasLimit),
      gasUsed: numberToHex(gasUsed),
      ...(!success && { error: error ?? 'revert' }),
      calls,
    })
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
