// The gas an operation costs its bundle that the EntryPoint does not meter: its calldata, its share
// of the transaction, the EntryPoint's own bookkeeping. Measured on the real v0.7, never below the truth.
import { type Hex, size } from 'viem'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { encodedOperation } from './encodedOperation.ts'

export type PreVerificationGas = {
  /** The least an operation must pay, for the bytes it has and the context its paymaster returns. */
  required(userOperation: UserOperation, contextBytes?: number): bigint
  /** Enough whatever the gas fields and signature still to be filled in turn out to be. */
  estimate(userOperation: UserOperation, contextBytes?: number): bigint
}

/** London: EIP-2028. */
const zeroByteGas = 4
const nonZeroByteGas = 16
const transactionGas = 21_000
/** Selector, offset, beneficiary and length of the array. */
const headerCalldataGas = 712

// As preVerificationGas.test.ts finds them on the EntryPoint, rounded up.
const bundleOverheadGas = 13_600
const operationOverheadGas = 7_900
/**
 * An account that pays its prefund in validation empties its deposit and fills it again: 20,000 gas that the
 * EntryPoint does not meter, and that a refund gives back, but for what the cap on refunds withholds.
 */
const cappedRefundGas = 1_400
/** callData is copied from calldata by one opcode, all else in memory word by word. */
const callDataWordGas = 10
const memoryWordGas = 82
const executeUserOperationOverheadGas = 1_750
const executeUserOperationSelector = '0x8dd7712f'

/** `bundleSize`: over how many operations a transaction's own cost is spread; 1 never loses. */
export function createPreVerificationGas({
  bundleSize,
}: {
  readonly bundleSize: number
}): PreVerificationGas {
  const share = Math.ceil((transactionGas + headerCalldataGas + bundleOverheadGas) / bundleSize)
  const overhead = operationOverheadGas + (bundleSize > 1 ? cappedRefundGas : 0)

  function required(userOperation: UserOperation, contextBytes = 0): bigint {
    const { bytes, zeroBytes } = encodedOperation(userOperation)
    const calldataGas = zeroBytes * zeroByteGas + (bytes - zeroBytes) * nonZeroByteGas
    const { callData } = userOperation
    // An account that asks for executeUserOp is handed the whole operation instead of its callData.
    const copyingGas = callData.startsWith(executeUserOperationSelector)
      ? executeUserOperationOverheadGas + words(bytes) * memoryWordGas
      : words(size(callData)) * callDataWordGas
    const contextGas = words(contextBytes) * memoryWordGas
    return BigInt(share + calldataGas + overhead + copyingGas + contextGas)
  }

  return {
    required,
    estimate: (userOperation, contextBytes) => required(fullyFilled(userOperation), contextBytes),
  }
}

const anyGas = 0xff_ff_ffn
const anyFee = 0xff_ff_ff_ff_ff_ff_ff_ffn
/** An ECDSA signature, where no stub is given. */
const signatureBytes = 65

/** The same operation with bytes that cost the most wherever they may still change. */
function fullyFilled(userOperation: UserOperation): UserOperation {
  const { paymaster, signature } = userOperation
  return {
    ...userOperation,
    preVerificationGas: anyGas,
    verificationGasLimit: anyGas,
    callGasLimit: anyGas,
    maxFeePerGas: anyFee,
    maxPriorityFeePerGas: anyFee,
    ...(paymaster && { paymasterVerificationGasLimit: anyGas, paymasterPostOpGasLimit: anyGas }),
    signature: `0x${'ff'.repeat(size(signature) || signatureBytes)}` as Hex,
  }
}

function words(bytes: number): number {
  return Math.ceil(bytes / 32)
}
