// What one operation adds to its bundle: bytes, gas to provide, and gas that the EntryPoint does not meter.

import { encodedOperation } from '../estimation/encodedOperation.ts'
import { createPreVerificationGas, type PreVerificationGas } from '../estimation/preVerificationGas.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

export type OperationCost = {
  /** Of calldata. */
  readonly bytes: number
  /** Gas that a bundle must bring for it, even if its execution takes all it may. */
  readonly gasLimit: bigint
  /** Gas that the EntryPoint does not meter. */
  readonly unmeteredGas: {
    /** With nothing else in the bundle. */
    readonly alone: bigint
    /** In company, beside what any bundle costs once. */
    readonly shared: bigint
    readonly bundle: bigint
  }
  /** Gas that the EntryPoint meters, at least and at most. */
  readonly meteredGas: { readonly least: bigint; readonly most: bigint }
}

/** EntryPoint v0.7 INNER_GAS_OVERHEAD, and what innerHandleOp's caller needs around it. */
const innerOverheadGas = 10_000n
const outerOverheadGas = 25_000n
const calldataZeroGas = 4
const calldataByteGas = 16
/** Copying a word of the operation to memory and hashing it, several times over. */
const wordGas = 60

const [alone, inPair, inCrowd] = [1, 2, 1e9].map(bundleSize => createPreVerificationGas({ bundleSize })) as [
  PreVerificationGas,
  PreVerificationGas,
  PreVerificationGas,
]
const known = new WeakMap<ValidatedOperation['userOperation'], OperationCost>()

export function operationCost({ userOperation, verificationGasUsed }: ValidatedOperation): OperationCost {
  const remembered = known.get(userOperation)
  if (remembered !== undefined) return remembered
  const { bytes, zeroBytes } = encodedOperation(userOperation)
  const calldataGas = zeroBytes * calldataZeroGas + (bytes - zeroBytes) * calldataByteGas
  const copyingGas = Math.ceil(bytes / 32) * wordGas
  const executionGas = userOperation.callGasLimit + (userOperation.paymasterPostOpGasLimit ?? 0n)
  // Every call leaves a 64th behind (EIP-150): once on the way into innerHandleOp, and once when that checks
  // whether the rest is enough (AA95).
  const innerGas = withSixtyFourth(withSixtyFourth(executionGas + innerOverheadGas))
  const verificationGas = (verificationGasUsed * 5n) / 4n
  const sharedGas = inCrowd.required(userOperation)
  const cost: OperationCost = {
    bytes,
    gasLimit: BigInt(calldataGas + copyingGas) + verificationGas + innerGas + outerOverheadGas,
    unmeteredGas: {
      alone: alone.required(userOperation),
      shared: sharedGas,
      bundle: 2n * (inPair.required(userOperation) - sharedGas),
    },
    meteredGas: { least: verificationGasUsed, most: verificationGas + innerGas },
  }
  known.set(userOperation, cost)
  return cost
}

function withSixtyFourth(gas: bigint): bigint {
  return (gas * 64n) / 63n + 1n
}

/** Gas of the transaction beside its operations: its base cost, the array, the beneficiary, the payment. */
export const bundleOverheadGas = 70_000n
/** Selector, offset, beneficiary, length; and the transaction's other fields with its signature. */
export const bundleOverheadBytes = 4 + 3 * 32 + 250
