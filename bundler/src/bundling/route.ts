// How a bundle reaches the EntryPoint: straight, or through the BundleGuard, where several bundlers take turns.
import { type Address, type Hex, hexToBigInt, size } from 'viem'
import { guardSelector } from '../entryPoint/bundleGuard.ts'
import { encodeBundlingCall, encodeHandleOps } from '../entryPoint/encodeHandleOps.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { encodedOperation } from '../estimation/encodedOperation.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

export type Route = {
  readonly to: Address
  encode(operations: readonly ValidatedOperation[], beneficiary: Address): Hex
  /** From what the EntryPoint must have to what the transaction must bring. */
  gasLimit(entryPointGas: bigint, operations: number): bigint
  /** Whether the EntryPoint was given all of so many operations, by what a call that did not revert returned. */
  passedAll(returned: Hex, operations: number): boolean
}

/** Of the guard itself, at most: once, and for each operation. */
const guardGas = { bundle: 20_000n, operation: 12_000n }

export function straightTo(entryPoint: Address, version: EntryPointVersion): Route {
  return {
    to: entryPoint,
    encode: (operations, beneficiary) => encodeHandleOps(version, encoded(operations, version), beneficiary),
    gasLimit: gas => gas,
    passedAll: () => true,
  }
}

export function throughGuard(guard: Address, version: EntryPointVersion, lastBlock: bigint): Route {
  return {
    to: guard,
    encode: (operations, beneficiary) =>
      encodeBundlingCall(guardSelector, encoded(operations, version), [beneficiary, lastBlock]),
    // A 64th of what it has stays with the guard (EIP-150).
    gasLimit: (gas, operations) =>
      (gas * 64n) / 63n + 1n + guardGas.bundle + guardGas.operation * BigInt(operations),
    passedAll: (returned, operations) =>
      size(returned) === 32 && hexToBigInt(returned) === BigInt(operations),
  }
}

function encoded(operations: readonly ValidatedOperation[], version: EntryPointVersion): readonly Hex[] {
  return operations.map(({ userOperation }) => encodedOperation(userOperation, version).encoded)
}
