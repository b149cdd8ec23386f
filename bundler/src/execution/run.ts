// Runs a message on the state of a block that is only partly known: what an execution lacks is fetched, and it is run
// again, until nothing is missing.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address } from 'viem'
import type { CodeStore } from '../chainState/codeStore.ts'
import { RecordingView } from '../chainState/recordingView.ts'
import type { HeldState } from '../chainState/stateStore.ts'
import type { EvmLevel } from '../chains/evmLevel.ts'
import type { BlockTime } from '../estimation/nextBlock.ts'
import { type ExecutionResult, execute } from '../evm/evm.ts'
import type { Message } from '../evm/message.ts'
import type { EvmObserver } from '../evm/observer.ts'
import type { EvmState } from '../evm/state.ts'
import { StepLimitExceeded } from '../evm/stepLimitExceeded.ts'

export type LocalRun<Watcher> = {
  readonly result: ExecutionResult
  /** That of the execution that counts. */
  readonly watcher: Watcher
  /** All that it read. */
  readonly view: RecordingView
  /** Whether something had to be asked for. */
  readonly hadToAsk: boolean
}

export type LocalRunRequest<Watcher> = {
  /** The state of `block`. */
  readonly held: HeldState
  readonly codes: CodeStore
  readonly block: Block
  /** The block it runs in; that of the state, if not said. */
  readonly within?: BlockTime
  readonly chainId: number
  readonly evm: EvmLevel
  readonly message: Message
  /** Of opcodes. */
  readonly stepLimit: number
  /** The state as it is to be seen; the chain's, if not said. */
  readonly wrap?: (state: EvmState) => EvmState
  /** A new one for each execution. */
  readonly watch: (state: EvmState) => Watcher
  /** Told what each execution took, also of one that does not count. */
  readonly onRun?: (milliseconds: number) => void
}

/** RIP-7212 */
const p256VerifyAddress = 0x100n
/**
 * Rounds of running, finding something missing and asking for it: beyond them somebody plays with us. A contract behind
 * a proxy that nothing names but the contract before it takes three.
 */
const maxRounds = 128
/** What the rounds that only find out what is missing may cost, as a share of the limit. */
const searchShare = 8
/** Several times what an ordinary step takes. */
const mostMillisecondsPerStep = 0.000_4
const noCoinbase = '0x0000000000000000000000000000000000000000'

/** Undefined where it takes more steps, or more rounds, than it may. Throws when the node does not answer. */
export async function runLocally<Watcher extends EvmObserver | undefined>(
  request: LocalRunRequest<Watcher>,
): Promise<LocalRun<Watcher> | undefined> {
  const { held, codes } = request
  for (let round = 0; round < maxRounds; round++) {
    const view = new RecordingView(held.state, codes)
    const run = runOnce(request, view, round === 0 ? request.stepLimit : request.stepLimit / searchShare)
    if (view.isComplete) {
      // What suffices to search may be too little to finish.
      const last = run ?? (round === 0 ? undefined : runOnce(request, view, request.stepLimit))
      return last && { ...last, hadToAsk: round > 0 }
    }
    await held.know(view.read)
  }
  return undefined
}

/** Undefined where the steps did not suffice; whether the outcome counts, the view knows. */
function runOnce<Watcher extends EvmObserver | undefined>(
  { block, within = block, chainId, evm, message, wrap, watch, onRun }: LocalRunRequest<Watcher>,
  view: RecordingView,
  stepLimit: number,
): Omit<LocalRun<Watcher>, 'hadToAsk'> | undefined {
  const state = wrap?.(view) ?? view
  const watcher = watch(state)
  const startedAt = performance.now()
  let steps = 0
  try {
    const result = execute({
      state,
      block: {
        number: within.number,
        timestamp: within.timestamp,
        gasLimit: block.gasLimit,
        baseFeePerGas: block.baseFeePerGas,
        // Validation may not ask for these (ERC-7562 [OP-011]).
        difficulty: 0n,
        coinbase: noCoinbase,
        chainId: BigInt(chainId),
      },
      fork: evm.fork,
      hasP256Verify: evm.extraPrecompiles.some(address => BigInt(address) === p256VerifyAddress),
      message: { ...message, to: message.to?.toLowerCase() as Address | undefined },
      stepLimit,
      ...(watcher && { observer: watcher }),
      onSteps: count => {
        steps = count
      },
    })
    return { result, watcher, view }
  } catch (error) {
    if (error instanceof StepLimitExceeded) return undefined
    throw error
  } finally {
    // On a machine that has others to serve, the clock goes on while nothing is done.
    onRun?.(Math.min(performance.now() - startedAt, steps * mostMillisecondsPerStep))
  }
}
