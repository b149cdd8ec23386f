// The bounds of an operation's fields, judged before anything is asked of the node.
import { accept, type Refusal, type Result } from '@worldland-aa/service/result'
import { zeroAddress } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { encodedOperation } from '../estimation/encodedOperation.ts'
import type { PreVerificationGas } from '../estimation/preVerificationGas.ts'
import {
  type AuthorizationTerms,
  checkAuthorizationSignature,
  checkAuthorizationTerms,
} from './authorization.ts'
import type { MinimumFees, ValidationLimits } from './limits.ts'
import { rejectField } from './rejection.ts'
import type { UserOperation } from './validatedOperation.ts'

export type FieldBounds = {
  readonly limits: ValidationLimits
  readonly minimumFees: MinimumFees
  readonly preVerificationGas: PreVerificationGas
  readonly version: EntryPointVersion
  /** Absent where no EIP-7702 authorization is taken. */
  readonly authorizations?: AuthorizationTerms
}

/** What must hold even before gas and fees are known. */
export function checkShape(
  userOperation: UserOperation,
  { limits, version, authorizations }: Pick<FieldBounds, 'limits' | 'version' | 'authorizations'>,
): Result<void> {
  const terms = checkAuthorizationTerms(userOperation, authorizations)
  if (!terms.ok) return terms
  const size = checkSize(userOperation, limits, version)
  return size.ok ? checkEntities(userOperation) : size
}

type Check = (userOperation: UserOperation, bounds: FieldBounds) => Result<void>

const fine = accept(undefined)
const maxUint120 = (1n << 120n) - 1n

export function checkFields(userOperation: UserOperation, bounds: FieldBounds): Result<void> {
  const shape = checkShape(userOperation, bounds)
  if (!shape.ok) return shape
  for (const check of [checkAuthorizationSignature, checkGas, checkFees, checkPreVerificationGas]) {
    const result = check(userOperation, bounds)
    if (!result.ok) return result
  }
  return fine
}

/** Of every check the first field that is out of bounds. */
export function findFieldProblems(userOperation: UserOperation, bounds: FieldBounds): readonly Refusal[] {
  const checks = [checkShape, checkAuthorizationSignature, checkGas, checkFees, checkPreVerificationGas]
  return checks.flatMap(check => {
    const result = check(userOperation, bounds)
    return result.ok ? [] : [result.refusal]
  })
}

function checkSize(
  userOperation: UserOperation,
  limits: ValidationLimits,
  version: EntryPointVersion,
): Result<void> {
  // ERC-7562 [LIM-010]
  const { bytes } = encodedOperation(userOperation, version)
  if (bytes <= limits.maxOperationBytes) return fine
  return rejectField(
    'userOperation',
    `takes ${bytes} bytes`,
    `at most ${limits.maxOperationBytes} are taken: move data out of callData, or split it`,
  )
}

function checkEntities(userOperation: UserOperation): Result<void> {
  const { sender, factory, factoryData, paymaster, nonce } = userOperation
  if (sender === zeroAddress)
    return rejectField('sender', 'is the zero address', "give the account's address")
  if (factory === undefined && (factoryData ?? '0x') !== '0x') {
    return rejectField('factoryData', 'is given without factory', 'give both or neither')
  }
  if (factory === zeroAddress) return rejectField('factory', 'is the zero address', 'leave it out')
  if (factory !== undefined && factory === sender) {
    return rejectField('factory', 'is the sender', 'an account cannot deploy itself')
  }
  if (paymaster === zeroAddress) return rejectField('paymaster', 'is the zero address', 'leave it out')
  if (paymaster === undefined) {
    for (const field of ['paymasterVerificationGasLimit', 'paymasterPostOpGasLimit'] as const) {
      if ((userOperation[field] ?? 0n) !== 0n) {
        return rejectField(field, 'is given without paymaster', 'give paymaster or leave it out')
      }
    }
    if ((userOperation.paymasterData ?? '0x') !== '0x') {
      return rejectField('paymasterData', 'is given without paymaster', 'give paymaster or leave it out')
    }
  }
  if (nonce < 0n || nonce >= 1n << 256n) return rejectField('nonce', 'is out of range', 'it has 256 bits')
  return fine
}

const checkGas: Check = (userOperation, { limits, version }) => {
  const { verificationGasLimit, paymaster } = userOperation
  const paymasterVerificationGasLimit = userOperation.paymasterVerificationGasLimit ?? 0n
  // ERC-7562 [LIM-060]
  if (verificationGasLimit > limits.maxVerificationGas) {
    return tooHigh('verificationGasLimit', verificationGasLimit, limits.maxVerificationGas)
  }
  if (paymasterVerificationGasLimit > limits.maxVerificationGas) {
    return tooHigh('paymasterVerificationGasLimit', paymasterVerificationGasLimit, limits.maxVerificationGas)
  }
  if (verificationGasLimit === 0n) return rejectField('verificationGasLimit', 'is 0', estimateIt)
  if (version.hasPaymasterLimits && paymaster !== undefined && paymasterVerificationGasLimit === 0n) {
    return rejectField('paymasterVerificationGasLimit', 'is 0', estimateIt)
  }
  const total = version.prefundGas(userOperation)
  if (total > limits.maxOperationGas) {
    return rejectField(
      'callGasLimit',
      `brings the gas of the operation to ${total}`,
      `all limits together may be ${limits.maxOperationGas}, so that it fits into a bundle`,
    )
  }
  return fine
}

const checkFees: Check = ({ maxFeePerGas, maxPriorityFeePerGas }, { minimumFees }) => {
  // AA94
  if (maxFeePerGas > maxUint120) return tooHigh('maxFeePerGas', maxFeePerGas, maxUint120)
  if (maxPriorityFeePerGas > maxFeePerGas) {
    return rejectField(
      'maxPriorityFeePerGas',
      `is ${maxPriorityFeePerGas}, above maxFeePerGas ${maxFeePerGas}`,
      'lower it or raise maxFeePerGas',
    )
  }
  if (maxPriorityFeePerGas < minimumFees.maxPriorityFeePerGas) {
    return tooLow('maxPriorityFeePerGas', maxPriorityFeePerGas, minimumFees.maxPriorityFeePerGas)
  }
  if (maxFeePerGas < minimumFees.maxFeePerGas) {
    return tooLow('maxFeePerGas', maxFeePerGas, minimumFees.maxFeePerGas)
  }
  return fine
}

const checkPreVerificationGas: Check = (userOperation, bounds) => {
  // ERC-7562 [LIM-070]
  const required = bounds.preVerificationGas.required(userOperation)
  if (userOperation.preVerificationGas >= required) return fine
  return rejectField(
    'preVerificationGas',
    `is too low: ${userOperation.preVerificationGas}`,
    `this operation needs ${required}; eth_estimateUserOperationGas gives it`,
  )
}

const estimateIt = 'ask eth_estimateUserOperationGas for it'

function tooHigh(field: string, value: bigint, maximum: bigint): Result<never> {
  return rejectField(field, `is ${value}, above the limit`, `at most ${maximum} is taken`)
}

function tooLow(field: string, value: bigint, minimum: bigint): Result<never> {
  return rejectField(
    field,
    `is too low: ${value} wei per gas`,
    `at least ${minimum} is needed now; pimlico_getUserOperationGasPrice tells the prices`,
  )
}
