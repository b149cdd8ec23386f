// A small synchronous EVM that can be watched: runs one message on a view of the chain, for tracing
// validation and for estimation, and tells what it would change.

import { bytesOf, hexOf } from '@worldland-aa/service/crypto/bytes'
import type { Address, Hex } from 'viem'
import type { EvmFork } from '../chains/evmFork.ts'
import type { Account } from './account.ts'
import { changesOf } from './changes.ts'
import { type Code, emptyCode } from './code.ts'
import type { ExecutionFrame } from './frame.ts'
import { maxInitcodeBytes } from './gas.ts'
import { intrinsicGas } from './intrinsicGas.ts'
import { Journal } from './journal.ts'
import { Machine } from './machine.ts'
import type { BlockContext, Message } from './message.ts'
import type { EvmObserver, Failure } from './observer.ts'
import { rulesOf } from './rules.ts'
import type { EvmState } from './state.ts'

export type ExecutionRequest = {
  readonly state: EvmState
  readonly block: BlockContext
  readonly fork: EvmFork
  readonly message: Message
  readonly observer?: EvmObserver
  /**
   * How many opcodes may run in all frames together, as a bound of time: a precompile counts as five for each
   * gas it costs. Beyond it StepLimitExceeded is thrown.
   */
  readonly stepLimit?: number
  /** Told at the end how many there were, counted in the same way, also where it throws. */
  readonly onSteps?: (steps: number) => void
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

const maxGas = 2n ** 32n

/** Throws what the state throws, and StepLimitExceeded: then nothing is known of the outcome. Addresses may be of any case. */
export function execute(request: ExecutionRequest): ExecutionResult {
  const { state } = request
  const message = lowerCase(request.message)
  if (message.gas > maxGas) throw new RangeError(`more gas than an EVM may use memory for: ${message.gas}`)
  const rules = rulesOf(request.fork, request.hasP256Verify ?? false)
  const intrinsic = intrinsicGas(rules, message.data, message.to === undefined)
  const gas = Number(message.gas)
  if (gas < Math.max(intrinsic.gas, intrinsic.floor)) return refused('intrinsic gas too low')
  const data = bytesOf(message.data)
  if (message.to === undefined && rules.limitsInitcode && data.length > maxInitcodeBytes) {
    return refused('initcode too large')
  }

  const journal = new Journal(state, address => rules.precompiles.has(address))
  const machine = new Machine({
    rules,
    journal,
    block: { ...request.block, coinbase: request.block.coinbase.toLowerCase() as Address },
    message,
    observer: request.observer ?? silentObserver,
    stepLimit: request.stepLimit ?? Number.MAX_SAFE_INTEGER,
  })
  const frame = begin(machine, data, gas - intrinsic.gas)
  try {
    machine.run()
  } finally {
    request.onSteps?.(machine.steps)
  }

  const { failure, output } = frame
  if (failure === 'insufficient balance') return refused(failure)
  const spent = gas - frame.gasLeft
  // EIP-3529
  const refund = failure === undefined ? Math.min(journal.gasRefund, Math.floor(spent / 5)) : 0
  const gasUsed = Math.max(spent - refund, intrinsic.floor)
  return {
    success: failure === undefined,
    output: hexOf(output),
    gasUsed: BigInt(gasUsed),
    gasRefunded: BigInt(refund),
    ...(failure !== undefined && { error: failure }),
    logs: failure === undefined ? journal.logs : [],
    changes: failure === undefined ? changesOf(journal, state) : new Map(),
  }
}

function lowerCase(message: Message): Message {
  const from = message.from.toLowerCase() as Address
  return { ...message, from, to: message.to?.toLowerCase() as Address | undefined }
}

/** Begins the outermost frame, with warm what every transaction finds warm. EIP-2929 */
function begin(machine: Machine, data: Uint8Array, gasLimit: number): ExecutionFrame {
  const { journal, rules, message, block } = machine
  const sender = journal.account(message.from)
  journal.warm(sender)
  if (rules.warmsCoinbase) journal.warm(journal.account(block.coinbase))
  if (message.to === undefined) {
    const creation = { type: 'CREATE', depth: 0, creator: message.from, salt: undefined } as const
    return machine.create({ ...creation, valueWei: message.valueWei, initcode: data, gasLimit })
  }
  const callee = journal.account(message.to)
  journal.warm(callee)
  // As a transaction does; a creation does so itself.
  journal.setNonce(sender, journal.nonce(sender) + 1n)
  return machine.call({
    type: 'CALL',
    depth: 0,
    address: message.to,
    codeAddress: message.to,
    caller: message.from,
    valueWei: message.valueWei,
    input: data,
    isStatic: false,
    gasLimit,
    code: outermostCode(machine, callee),
    outputOffset: 0,
    outputLength: 0,
  })
}

/** A delegate is warm, as the callee is. EIP-7702 */
function outermostCode({ journal, rules }: Machine, callee: Account): Code {
  if (rules.precompiles.has(callee.address)) return emptyCode
  const code = journal.code(callee)
  const delegate = rules.hasDelegation ? code.delegate : undefined
  if (delegate === undefined) return code
  const account = journal.account(delegate)
  journal.warm(account)
  return journal.code(account)
}

function refused(error: Failure): ExecutionResult {
  return {
    success: false,
    output: '0x',
    gasUsed: 0n,
    gasRefunded: 0n,
    error,
    logs: [],
    changes: new Map(),
  }
}

const silentObserver: EvmObserver = {
  watched: new Uint8Array(256),
  counts: new Uint32Array(256),
  beforeStep() {},
  enter() {},
  exit() {},
}
