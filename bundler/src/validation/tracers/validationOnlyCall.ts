// A call of handleOps that validates an operation and stops before executing it: behind the operation
// stands a second, malformed one, which the EntryPoint refuses first thing. Whatever the execution would
// cost, tracing pays for the validation alone.
import { type Address, type Hex, size } from 'viem'
import { encodeHandleOps } from '../../entryPoint/encodeHandleOps.ts'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import { encodedOperation } from '../../estimation/encodedOperation.ts'
import type { UserOperation } from '../validatedOperation.ts'

export type ValidationOnlyCall = {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly gas: bigint
}

/** Nobody's address, without code as v0.9 asks. Validation cannot see it: ORIGIN and COINBASE are banned. */
export const validationCaller: Address = '0x4337000000000000000000000000000000004337'
const beneficiary = validationCaller

export function validationOnlyCall(request: {
  userOperation: UserOperation
  entryPoint: Address
  version: EntryPointVersion
}): ValidationOnlyCall {
  const { userOperation, entryPoint, version } = request
  const data = encodeHandleOps(
    version,
    [encodedOperation(userOperation, version).encoded, version.stopper.encoded],
    beneficiary,
  )
  return { from: validationCaller, to: entryPoint, data, gas: gasOf(userOperation, size(data)) }
}

/** So much that no limit of the operation is cut short by the 63/64 rule: deployment and validateUserOp get it each. */
function gasOf(userOperation: UserOperation, bytes: number): bigint {
  const limits = 2n * userOperation.verificationGasLimit + (userOperation.paymasterVerificationGasLimit ?? 0n)
  const intrinsicAndEntryPoint = 200_000n + 40n * BigInt(bytes)
  return (limits * 65n) / 64n + intrinsicAndEntryPoint
}
