// A user operation with nothing special about it.
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
