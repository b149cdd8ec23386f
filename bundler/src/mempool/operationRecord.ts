// A validated operation as JSON text and back: bigints travel as decimal strings, and come back
// as bigints by the name of their field.
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const bigintFields: ReadonlySet<string> = new Set([
  'nonce',
  'callGasLimit',
  'verificationGasLimit',
  'preVerificationGas',
  'paymasterVerificationGasLimit',
  'paymasterPostOpGasLimit',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'stakeWei',
  'prefundWei',
  'verificationGasUsed',
  'number',
])

export function writeOperationRecord(validated: ValidatedOperation): string {
  return JSON.stringify(validated, (_name, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
}

export function readOperationRecord(text: string): ValidatedOperation {
  return JSON.parse(text, (name, value: unknown) =>
    bigintFields.has(name) && typeof value === 'string' ? BigInt(value) : value,
  ) as ValidatedOperation
}
