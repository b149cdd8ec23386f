// The gas an operation costs its bundle that the EntryPoint does not meter: its calldata, its share
// of the transaction, the EntryPoint's own bookkeeping. Measured on the real contracts, never below the truth.
import { type Hex, size } from 'viem'
import { type EvmFork, isAtLeast } from '../chains/evmFork.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { encodedOperation } from './encodedOperation.ts'

/** What a trace or a simulation tells beside the operation itself. */
export type RunFacts = {
  /** That the paymaster hands from validation to postOp. */
  readonly contextBytes?: number
  /** Gas that the EntryPoint charges at the very least; without it the floor price of calldata is not looked at. */
  readonly meteredGas?: bigint
}

export type PreVerificationGas = {
  /** The least an operation must pay, for the bytes it has and what its run has shown. */
  required(userOperation: UserOperation, facts?: RunFacts): bigint
  /** Enough whatever the gas fields, paymaster data and signature still to be filled in turn out to be. */
  estimate(userOperation: UserOperation, facts?: RunFacts): bigint
}

export type PreVerificationGasOptions = {
  /** Over how many operations a transaction's own cost is spread; 1 never loses. */
  readonly bundleSize: number
  readonly version: EntryPointVersion
  readonly fork: EvmFork
  /** Whether bundles go through the BundleGuard; straight to the EntryPoint, if not told. */
  readonly isGuarded?: boolean | undefined
}

/** EIP-2028 */
const zeroByteGas = 4
const nonZeroByteGas = 16
/** EIP-7623: what calldata costs at least in a transaction that executes little. */
const floorZeroByteGas = 10
const floorNonZeroByteGas = 40
const transactionGas = 21_000
/** Selector, offset, beneficiary and length of the array. */
const headerCalldataGas = 712
const headerFloorGas = 1_780
/** EIP-7702 PER_EMPTY_ACCOUNT_COST: what a transaction pays for an authorization beforehand. */
const emptyAccountGas = 25_000
/**
 * What the BundleGuard takes for itself: reading nonces, and handing the calldata on, word by word. What it looks up is
 * cheaper to the EntryPoint afterwards, and so for the operation. Measured on the real contracts, rounded up.
 */
const guard = { bundle: 5_000, operation: 4_700, word: 12 }
const executeUserOperationSelector = '0x8dd7712f'

export function createPreVerificationGas(options: PreVerificationGasOptions): PreVerificationGas {
  const { bundleSize, version, fork, isGuarded = false } = options
  const { unmetered } = version
  const bundleGas = unmetered.bundle + (isGuarded ? guard.bundle : 0)
  const share = Math.ceil((transactionGas + headerCalldataGas + bundleGas) / bundleSize)
  const floorShare = Math.ceil((transactionGas + headerFloorGas) / bundleSize)
  const overhead = unmetered.operation + (bundleSize > 1 ? unmetered.cappedRefund : 0)
  const hasFloor = isAtLeast(fork, 'prague')

  function required(userOperation: UserOperation, facts: RunFacts = {}): bigint {
    const { bytes, zeroBytes } = encodedOperation(userOperation, version)
    const calldataGas = zeroBytes * zeroByteGas + (bytes - zeroBytes) * nonZeroByteGas
    const { callData } = userOperation
    // An account that asks for executeUserOp is handed the whole operation instead of its callData.
    const copyingGas =
      unmetered.executeUserOp > 0 && callData.startsWith(executeUserOperationSelector)
        ? unmetered.executeUserOp + words(bytes) * unmetered.memoryWord
        : words(size(callData)) * unmetered.callDataWord
    const contextGas = words(facts.contextBytes ?? 0) * unmetered.memoryWord
    // ERC-4337: the sender's authorization is paid for by its operation.
    const executionGas = overhead + copyingGas + contextGas + authorizationGasOf(userOperation)
    const guardGas = isGuarded ? guard.operation + words(bytes) * guard.word : 0
    const paid = share + calldataGas + executionGas + guardGas
    if (!hasFloor || facts.meteredGas === undefined) return BigInt(paid)
    const floor = floorShare + zeroBytes * floorZeroByteGas + (bytes - zeroBytes) * floorNonZeroByteGas
    // EIP-7623 All that is executed counts against the floor, and what is metered is paid for as such.
    return BigInt(Math.max(paid, floor - Number(facts.meteredGas)))
  }

  return { required, estimate: (userOperation, facts) => required(fullyFilled(userOperation), facts) }
}

/** Gas for the operation's authorization; 0 without one. EIP-7702 */
export function authorizationGasOf({ authorization }: UserOperation): number {
  return authorization === undefined ? 0 : emptyAccountGas
}

const anyGas = 0xff_ff_ffn
const anyFee = 0xff_ff_ff_ff_ff_ff_ff_ffn
/** An ECDSA signature, where no stub is given. */
const signatureBytes = 65

/** The same operation with bytes that cost the most wherever they may still change. */
function fullyFilled(userOperation: UserOperation): UserOperation {
  const { paymaster, paymasterData, signature } = userOperation
  return {
    ...userOperation,
    preVerificationGas: anyGas,
    verificationGasLimit: anyGas,
    callGasLimit: anyGas,
    maxFeePerGas: anyFee,
    maxPriorityFeePerGas: anyFee,
    ...(paymaster && { paymasterVerificationGasLimit: anyGas, paymasterPostOpGasLimit: anyGas }),
    // A stub and what is signed in its place come to the same, so that either may be estimated with.
    ...(paymasterData && { paymasterData: filled(size(paymasterData)) }),
    signature: filled(size(signature) || signatureBytes),
  }
}

function filled(bytes: number): Hex {
  return `0x${'ff'.repeat(bytes)}`
}

function words(bytes: number): number {
  return Math.ceil(bytes / 32)
}
