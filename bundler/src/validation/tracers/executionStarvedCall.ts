// A call of handleOps that validates an operation in full and then has too little gas for its execution
// (AA95), or nobody to pay (AA90): what is validated is the operation as signed, alone in its bundle.
import { type Address, size, zeroAddress } from 'viem'
import { encodeHandleOps } from '../../entryPoint/encodeHandleOps.ts'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validatedOperation.ts'
import type { ValidationOnlyCall } from './validationOnlyCall.ts'

const caller: Address = '0x4337000000000000000000000000000000004337'

export function executionStarvedCall(request: {
  userOperation: UserOperation
  entryPoint: Address
  version: EntryPointVersion
}): ValidationOnlyCall {
  const { userOperation, entryPoint, version } = request
  const data = encodeHandleOps(version, [version.encode(userOperation)], zeroAddress)
  const limits = 2n * userOperation.verificationGasLimit + (userOperation.paymasterVerificationGasLimit ?? 0n)
  const intrinsicAndEntryPoint = 200_000n + 40n * BigInt(size(data))
  return { from: caller, to: entryPoint, data, gas: (limits * 65n) / 64n + intrinsicAndEntryPoint }
}
