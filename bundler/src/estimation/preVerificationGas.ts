// The gas an operation costs its bundle that the EntryPoint does not meter: its calldata, its share
// of the transaction, the EntryPoint's own bookkeeping.
import type { UserOperation } from '../validation/validatedOperation.ts'

export type PreVerificationGas = {
  /** The least an operation must pay, for the bytes it has. */
  required(userOperation: UserOperation): bigint
  /** Enough whatever the gas fields and signature still to be filled in turn out to be. */
  estimate(userOperation: UserOperation): bigint
}

export declare function createPreVerificationGas(options: { readonly bundleSize: number }): PreVerificationGas
