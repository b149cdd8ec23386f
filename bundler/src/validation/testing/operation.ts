// User operations with nothing special about them, and the bundle that lands them.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { encodeFunctionData, type Hex } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { UserOperation } from '../validatedOperation.ts'

/** Free of charge (no fees, so no prefund), unless `fields` say otherwise. */
export function testOperation(fields: Partial<UserOperation> & Pick<UserOperation, 'sender'>): UserOperation {
  return {
    nonce: 0n,
    callData: '0x',
    callGasLimit: 50_000n,
    verificationGasLimit: 500_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    signature: '0x',
    ...(fields.paymaster && {
      paymasterVerificationGasLimit: 300_000n,
      paymasterPostOpGasLimit: 50_000n,
      paymasterData: '0x' as const,
    }),
    ...(fields.factory && { factoryData: '0x' as const }),
    ...fields,
  }
}

/** Who is paid for the bundles of tests. */
export const beneficiary = '0x0000000000000000000000000000000000bef1c1'

export function handleOps(...userOperations: readonly UserOperation[]): Hex {
  return encodeFunctionData({
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [userOperations.map(operation => toPackedUserOperation(operation)), beneficiary],
  })
}
