// Executes in an EVM of our own, on state read from any node: nothing is asked of the node that it has told before.
// Knows besides what each validation stood on, and so whether it still stands.
import type { Block } from '@worldland-aa/service/chain/block'
import { type Address, type Hex, numberToHex } from 'viem'
import { Dependencies } from '../chainState/dependencies.ts'
import { Needs } from '../chainState/needs.ts'
import type { StateReader } from '../chainState/stateReader.ts'
import { StateStore } from '../chainState/stateStore.ts'
import type { EvmLevel } from '../chains/evmLevel.ts'
import type { CallFrame } from '../estimation/callFrame.ts'
import type { CallRequest, FundsRequest, SenderFunds } from '../estimation/callTracer.ts'
import { ExecutionTooLong } from '../estimation/executionTooLong.ts'
import { nextBlock } from '../estimation/nextBlock.ts'
import { depositIn, depositSlotOf } from '../estimation/overrides.ts'
import type { StateRequest } from '../validation/entityState.ts'
import type { StateAnswer } from '../validation/stateProgram.ts'
import type { Trace } from '../validation/trace.ts'
import { debugTrace } from '../validation/tracers/debugTrace.ts'
import { FactCollector } from '../validation/tracers/factCollector.ts'
import type { TraceRequest } from '../validation/tracers/tracer.ts'
import { validationOnlyCall } from '../validation/tracers/validationOnlyCall.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { CallTreeCollector } from './callTreeCollector.ts'
import { authorityIn, delegatedState } from './delegatedState.ts'
import { Foresight } from './foresight.ts'
import { LatestDependencies } from './latestDependencies.ts'
import { OverriddenState } from './overriddenState.ts'
import { runLocally } from './run.ts'

export type Engine = {
  /** The facts of an operation's validation. */
  trace(request: TraceRequest): Promise<Trace>
  /** A call and all it calls, on the state of the block with `overrides`. Throws ExecutionTooLong. */
  traceCall(request: CallRequest): Promise<CallFrame>
  senderFunds(request: FundsRequest): Promise<SenderFunds>
  /** Stakes in the EntryPoint, and code hashes. */
  entities(request: StateRequest & Pick<TraceRequest, 'entryPoint' | 'version'>): Promise<StateAnswer>
  /** Whether a trace at `block` would bring what the last one of the operation brought; false if it is not remembered. */
  unchanged(operationKey: string, block: Block): Promise<boolean>
  /** Reads the state of the block anew when it is asked for. */
  forget(block: Block): void
  /** Has what was used lately at hand before the first operation asks for it. */
  warm(block: Block): Promise<void>
}

export type EngineOptions = {
  readonly reader: StateReader
  readonly chainId: number
  readonly evm: EvmLevel
  /** Of opcodes, for one validation. */
  readonly stepLimit: number
  /** Told what each execution for the operation took. */
  readonly onWork?: (userOperation: UserOperation, milliseconds: number) => void
}

/** An execution may be a hundred times as long as a validation. */
export const executionStepLimit = 20_000_000
const nobody: Address = '0x0000000000000000000000000000000000000000'

export function createEngine(options: EngineOptions): Engine {
  const store = new StateStore(options.reader)
  const latest = new LatestDependencies()
  const foresight = new Foresight()
  /** Of whole operations, not of their validation alone. */
  const callForesight = new Foresight()

  return {
    async trace({ userOperation, entryPoint, version, block, timestamp = block.timestamp, operationKey }) {
      const foreseen = foresight.needsOf(userOperation, lowerCase(entryPoint))
      const held = store.hold(block)
      await held.know(foreseen)
      const run = await runLocally({
        ...options,
        held,
        codes: store.codes,
        block,
        within: { number: block.number, timestamp },
        message: { ...validationOnlyCall({ userOperation, entryPoint, version }), valueWei: 0n },
        wrap: state => delegatedState(state, userOperation),
        watch: state => new FactCollector(version.selectors, address => state.code(address)),
        onRun: milliseconds => options.onWork?.(userOperation, milliseconds),
      })
      if (run === undefined) {
        const { stepLimit } = options
        return {
          block,
          phases: {},
          keccakPreimages: [],
          outcome: { passed: false, revertData: '0x', stepLimit },
        }
      }
      const trace = {
        ...debugTrace(run.watcher.result(run.result.output), block, version),
        ...authorityIn(run.view, userOperation),
      }
      if (trace.outcome.passed) {
        const dependencies = new Dependencies()
        dependencies.add(run.view, held.state)
        latest.set(operationKey, dependencies)
        store.used(foreseen)
        store.used(run.view.read)
        if (run.hadToAsk) foresight.learn(userOperation, run.view.read, run.watcher.mappingPreimages)
      }
      return trace
    },

    async traceCall({ userOperation, call, overrides, block }) {
      const run = await runLocally({
        ...options,
        stepLimit: executionStepLimit,
        held: store.hold(block),
        codes: store.codes,
        block,
        within: nextBlock(block),
        message: { from: nobody, valueWei: 0n, ...call },
        wrap: state => new OverriddenState(state, overrides),
        watch: () => new CallTreeCollector(),
        onRun: milliseconds => options.onWork?.(userOperation, milliseconds),
      })
      if (run === undefined) throw new ExecutionTooLong(executionStepLimit)
      if (run.hadToAsk) callForesight.learn(userOperation, run.view.read, run.watcher.mappingPreimages)
      return run.watcher.root(call, run.result)
    },

    async senderFunds({ userOperation, entryPoint, block }) {
      // What the traces to come will read is asked for by the same question.
      const needs = callForesight.needsOf(userOperation, lowerCase(entryPoint))
      const key = lowerCase(userOperation.sender)
      needs.accounts.add(key)
      const depositSlot = depositSlotOf(key)
      needs.addSlot(lowerCase(entryPoint), depositSlot)
      const { state, know } = store.hold(block)
      await know(needs)
      return {
        balanceWei: state.account(key)?.balanceWei ?? 0n,
        depositWei: depositIn(state.slot(lowerCase(entryPoint), depositSlot) ?? 0n),
      }
    },

    async entities({ entryPoint, version, block, stakesOf, codeOf }) {
      const contract = lowerCase(entryPoint)
      const places = stakesOf.map(depositPlace)
      const codes = codeOf.map(lowerCase)
      const needs = new Needs()
      for (const slot of places.flat()) needs.addSlot(contract, slot)
      for (const address of codes) needs.accounts.add(address)
      const { state, know } = store.hold(block)
      await know(needs)
      store.used(needs)
      const wordAt = (slot: Hex): bigint => present(state.slot(contract, slot))
      return {
        stakes: places.map(([first, second]) => version.stakeIn(wordAt(first), wordAt(second))),
        codeHashes: codes.map(address => present(state.account(address)).codeHash),
      }
    },

    async unchanged(operationKey, block) {
      const dependencies = latest.get(operationKey)
      if (dependencies === undefined) return false
      const { state, know } = store.hold(block)
      await know(dependencies.needs)
      store.used(dependencies.needs)
      return dependencies.holdAt(state)
    },

    forget: block => store.forget(block),
    async warm(block) {
      latest.blockPassed()
      await store.warm(block)
    },
  }
}

/** Nothing is judged by what is not known. */
function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The state was read only in part')
  return value
}

/** The slots of its deposit and of its stake, which v0.6 begins beside the deposit. */
function depositPlace(owner: Address): readonly [Hex, Hex] {
  const first = depositSlotOf(owner)
  return [first, numberToHex(BigInt(first) + 1n, { size: 32 })]
}

function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
