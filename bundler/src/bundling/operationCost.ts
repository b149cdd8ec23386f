// What one operation adds to its bundle: bytes, gas to provide, and gas that the EntryPoint does not meter.
import type { EvmFork } from '../chains/evmFork.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { encodedOperation } from '../estimation/encodedOperation.ts'
import {
  authorizationGasOf,
  createPreVerificationGas,
  type PreVerificationGas,
} from '../estimation/preVerificationGas.ts'
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

export type CostOf = (validated: ValidatedOperation) => OperationCost

/** What innerHandleOp's caller needs around it. */
const outerOverheadGas = 25_000n
const calldataZeroGas = 4
const calldataByteGas = 16
/** An EIP-7702 authorization in a transaction's list, at most. */
const authorizationBytes = 110
/** Copying a word of the operation to memory and hashing it, several times over. */
const wordGas = 60

export function createOperationCost(terms: {
  version: EntryPointVersion
  fork: EvmFork
  isGuarded?: boolean
}): CostOf {
  const { version } = terms
  const [alone, inPair, inCrowd] = [1, 2, 1e9].map(bundleSize =>
    createPreVerificationGas({ ...terms, bundleSize }),
  ) as [PreVerificationGas, PreVerificationGas, PreVerificationGas]
  const known = new WeakMap<ValidatedOperation['userOperation'], OperationCost>()

  return ({ userOperation, verificationGasUsed }) => {
    const remembered = known.get(userOperation)
    if (remembered !== undefined) return remembered
    const { bytes, zeroBytes } = encodedOperation(userOperation, version)
    const calldataGas = zeroBytes * calldataZeroGas + (bytes - zeroBytes) * calldataByteGas
    const authorizationGas = authorizationGasOf(userOperation)
    const copyingGas = Math.ceil(bytes / 32) * wordGas
    // Every call leaves a 64th behind (EIP-150): once on the way into innerHandleOp, and once when that checks
    // whether the rest is enough (AA95).
    const innerGas = withSixtyFourth(withSixtyFourth(version.executionGas(userOperation)))
    const verificationGas = (verificationGasUsed * 5n) / 4n
    const leastMeteredGas = verificationGasUsed + version.leastExecutionGas(userOperation)
    const facts = { meteredGas: leastMeteredGas }
    const sharedGas = inCrowd.required(userOperation, facts)
    const cost: OperationCost = {
      bytes: bytes + (authorizationGas > 0 ? authorizationBytes : 0),
      gasLimit:
        BigInt(calldataGas + copyingGas + authorizationGas) + verificationGas + innerGas + outerOverheadGas,
      unmeteredGas: {
        alone: alone.required(userOperation, facts),
        shared: sharedGas,
        bundle: 2n * (inPair.required(userOperation, facts) - sharedGas),
      },
      meteredGas: { least: leastMeteredGas, most: verificationGas + innerGas },
    }
    known.set(userOperation, cost)
    return cost
  }
}

function withSixtyFourth(gas: bigint): bigint {
  return (gas * 64n) / 63n + 1n
}

/** Gas of the transaction beside its operations: its base cost, the array, the beneficiary, the payment. */
export const bundleOverheadGas = 70_000n
/** Selector, offset, beneficiary, length; and the transaction's other fields with its signature. */
export const bundleOverheadBytes = 4 + 3 * 32 + 250
