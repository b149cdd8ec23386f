// What differs between the EntryPoints, and nothing else. All stages work on one kind of operation; whatever
// depends on the contract that will run it they ask here. One file per version.
import type { Address, Hash, Hex } from 'viem'
import type { CallFrame } from '../estimation/callFrame.ts'
import type { ValidationGas } from '../validation/trace.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { BundleDecoder } from './bundleDecoder.ts'
import type { EntryPointFailure } from './failure.ts'
import type { Stake } from './stake.ts'
import type { WireShape } from './wireShape.ts'

export type EntryPointNumber = '0.6' | '0.7' | '0.8' | '0.9'

export type EntryPointVersion = {
  readonly number: EntryPointNumber
  /** Where every chain keeps it. */
  readonly canonicalAddress: Address
  readonly wire: WireShape
  readonly selectors: EntryPointSelectors
  /** An array of this one operation without its length: the offset to it, and itself. */
  encode(userOperation: UserOperation): Hex
  readonly decode: BundleDecoder
  hash(userOperation: UserOperation, domain: { chainId: number; entryPoint: Address }): Hash
  /** What handleOps says by its revert data; undefined when these are not its words. */
  failureOf(revertData: Hex): EntryPointFailure | undefined
  /** Gas for which the account or its paymaster must have deposited maxFeePerGas each. */
  prefundGas(userOperation: UserOperation): bigint
  /** Gas that must be there when execution begins, or the whole bundle reverts with AA95. */
  executionGas(userOperation: UserOperation): bigint
  /** Gas that is charged for execution even if it takes none: the fine on what its limits leave unused. */
  leastExecutionGas(userOperation: UserOperation): bigint
  /** Whether a paymaster has limits of its own, or shares verificationGasLimit with the account. */
  readonly hasPaymasterLimits: boolean
  /** Whether validAfter itself is still too early. */
  readonly validAfterIsExclusive: boolean
  /** Whether validationData may bound the block number in place of the time. */
  readonly hasBlockRanges: boolean
  /** Whether the factory of an account that exists is ignored, or the operation that brings it fails (AA10). */
  readonly ignoresNeedlessFactory: boolean
  readonly paymasterOverhead: PaymasterOverhead
  readonly stopper: Stopper
  /** From the gas left at each GAS opcode of the EntryPoint's own code until the stopper. */
  validationGas(readings: readonly number[]): ValidationGas
  /** From the two words of an entry of `deposits`. */
  stakeIn(first: bigint, second: bigint): Stake
  /** From the calldata of innerHandleOp: gas of the whole validation, preVerificationGas included. */
  preOpGas(innerHandleOp: Hex): bigint
  readonly unmetered: UnmeteredGas
  readonly simulation: SimulationCall
}

export type EntryPointSelectors = Readonly<
  Record<
    | 'handleOps'
    | 'handleAggregatedOps'
    | 'createSender'
    /** Since v0.8; nobody is called by it before. */
    | 'initEip7702Sender'
    | 'validateUserOp'
    | 'validatePaymasterUserOp'
    | 'innerHandleOp'
    | 'postOp',
    Hex
  >
>

/** An operation so malformed that the EntryPoint refuses it first thing: behind another it ends handleOps before execution. */
export type Stopper = { readonly encoded: Hex; readonly revertData: Hex }

/**
 * What the EntryPoint itself spends within paymasterVerificationGasLimit, on a paymaster met for the first time and a
 * deposit that stays as it is: for who sees its calls, but not when it reads GAS. Measured, rounded up.
 */
export type PaymasterOverhead = {
  readonly gas: number
  /** Per word of the encoded operation, and of the context. */
  readonly operationWord: number
  readonly contextWord: number
}

/** Gas that a bundle takes beside what the EntryPoint meters. Measured on the real contracts, rounded up. */
export type UnmeteredGas = {
  /** Once a bundle, beside the 21,000 of the transaction. */
  readonly bundle: number
  /** Once an operation. */
  readonly operation: number
  /**
   * An account that pays its prefund in validation empties its deposit and fills it again: 20,000 gas that is
   * not metered, and that a refund gives back, but for what the cap on refunds withholds.
   */
  readonly cappedRefund: number
  /** Per word of callData, and of all the rest that is copied. */
  readonly callDataWord: number
  readonly memoryWord: number
  /** Once, and per word of the operation, for an account that is handed the whole operation by executeUserOp. */
  readonly executeUserOp: number
}

/** A call that runs one operation to its end whatever its signature is worth. */
export type SimulationCall = {
  /** What must stand in the EntryPoint's place for it; undefined where it simulates itself. */
  readonly code: Hex | undefined
  encode(userOperation: UserOperation): Hex
  /** preOpGas, preVerificationGas included; undefined when the simulation failed. */
  preOpGas(root: CallFrame): bigint | undefined
}
