// The JSON-RPC form of operations since v0.7: unpacked, as the stages work on them.
import { accept, type Result } from '@worldland-aa/service/result'
import { rejectField } from '../validation/rejection.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { commonFields, type WireShape } from './wireShape.ts'

export const packedFields = {
  ...commonFields,
  factory: ['address', 'optional'],
  factoryData: ['bytes', 'optional'],
  paymaster: ['address', 'optional'],
  paymasterVerificationGasLimit: ['uint128', 'optional'],
  paymasterPostOpGasLimit: ['uint128', 'optional'],
  paymasterData: ['bytes', 'optional'],
} as const satisfies WireShape['fields']

export const foreignSince07 = {
  initCode: ['is a v0.6 field', 'give factory and factoryData'],
  paymasterAndData: ['is a v0.6 field', 'give paymaster, its two gas limits and paymasterData'],
} as const satisfies WireShape['foreign']

/** Neither factory nor paymaster comes in half. */
export function fromUnpacked(fields: Readonly<Record<string, unknown>>): Result<UserOperation> {
  const operation = fields as unknown as UserOperation
  if (operation.factory === undefined && (operation.factoryData ?? '0x') !== '0x') {
    return rejectField('factoryData', 'is given without factory', 'give both or neither')
  }
  if (operation.paymaster !== undefined) return accept(operation)
  const alone = (
    [
      'paymasterVerificationGasLimit',
      'paymasterPostOpGasLimit',
      'paymasterData',
      'paymasterSignature',
    ] as const
  ).find(name => (operation[name] ?? '0x') !== '0x' && operation[name] !== 0n)
  if (alone !== undefined)
    return rejectField(alone, 'is given without paymaster', 'give paymaster or drop it')
  const {
    paymasterVerificationGasLimit,
    paymasterPostOpGasLimit,
    paymasterData,
    paymasterSignature,
    ...rest
  } = operation
  return accept(rest)
}
