// How an operation looks in JSON-RPC (ERC-7769): which fields there are, what they hold, and what in them is
// put together differently from the operation that the stages work on.
import type { Result } from '@worldland-aa/service/result'
import type { UserOperation } from '../validation/validatedOperation.ts'

export type FieldKind = 'address' | 'factory' | 'bytes' | 'uint256' | 'uint128' | 'authorization'
export type Presence = 'always' | 'optional' | 'zeroInEstimates' | 'emptyInEstimates'

/** `purpose` `estimate`: gas, fees and signatures may still be absent. */
export type Purpose = 'send' | 'estimate'

export type WireShape = {
  readonly fields: Readonly<Record<string, readonly [FieldKind, Presence]>>
  /** Fields of other versions: what is wrong with them and what to give instead. */
  readonly foreign: Readonly<Record<string, readonly [problem: string, mend: string]>>
  /** From fields that hold what they must, each alone. */
  toOperation(fields: Readonly<Record<string, unknown>>, purpose: Purpose): Result<UserOperation>
  /** To be formatted: bigints become hex at the door. */
  fromOperation(userOperation: UserOperation): Readonly<Record<string, unknown>>
}

/** The fields that every version has. */
export const commonFields = {
  sender: ['address', 'always'],
  nonce: ['uint256', 'always'],
  callData: ['bytes', 'always'],
  callGasLimit: ['uint128', 'zeroInEstimates'],
  verificationGasLimit: ['uint128', 'zeroInEstimates'],
  preVerificationGas: ['uint256', 'zeroInEstimates'],
  maxFeePerGas: ['uint128', 'zeroInEstimates'],
  maxPriorityFeePerGas: ['uint128', 'zeroInEstimates'],
  signature: ['bytes', 'emptyInEstimates'],
  eip7702Auth: ['authorization', 'optional'],
} as const satisfies WireShape['fields']
