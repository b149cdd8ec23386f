// A call of handleOps that validates an operation and stops before executing it: behind the operation
// stands a second, malformed one, which the EntryPoint refuses first thing (AA93). Whatever the
// execution would cost, tracing pays for the validation alone.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Address, encodeErrorResult, encodeFunctionData, type Hex, parseAbi, size, zeroHash } from 'viem'
import { type PackedUserOperation, toPackedUserOperation } from 'viem/account-abstraction'
import type { UserOperation } from '../validatedOperation.ts'

/** paymasterAndData of one byte: neither absent nor long enough to hold an address. */
const stopper: PackedUserOperation = {
  sender: '0x0000000000000000000000000000000000000000',
  nonce: 0n,
  initCode: '0x',
  callData: '0x',
  accountGasLimits: zeroHash,
  preVerificationGas: 0n,
  gasFees: zeroHash,
  paymasterAndData: '0x00',
  signature: '0x',
}

/** The revert data of handleOps when it got as far as the stopper. */
export const stoppedAfterValidation: Hex = encodeErrorResult({
  abi: parseAbi(['error Error(string)']),
  args: ['AA93 invalid paymasterAndData'],
})

export type ValidationOnlyCall = {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly gas: bigint
}

// Nobody's address. Validation cannot see it: ORIGIN and COINBASE are banned, and v0.7 asks for no EOA.
const caller: Address = '0x4337000000000000000000000000000000004337'
const beneficiary = caller

export function validationOnlyCall(request: {
  userOperation: UserOperation
  entryPoint: Address
}): ValidationOnlyCall {
  const data = encodeFunctionData({
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [[toPackedUserOperation(request.userOperation), stopper], beneficiary],
  })
  return { from: caller, to: request.entryPoint, data, gas: gasOf(request.userOperation, size(data)) }
}

/** So much that no limit of the operation is cut short by the 63/64 rule: deployment and validateUserOp get it each. */
function gasOf(userOperation: UserOperation, bytes: number): bigint {
  const limits = 2n * userOperation.verificationGasLimit + (userOperation.paymasterVerificationGasLimit ?? 0n)
  const intrinsicAndEntryPoint = 200_000n + 40n * BigInt(bytes)
  return (limits * 65n) / 64n + intrinsicAndEntryPoint
}
