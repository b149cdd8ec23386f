// Gas of a validation from the frames of geth's erc7562Tracer, which does not tell when the EntryPoint reads GAS.
import { type Hex, size } from 'viem'
import { encodedOperation } from '../../estimation/encodedOperation.ts'
import type { PhaseFacts, Trace, ValidationGas } from '../trace.ts'
import { paymasterAnswer } from '../validationData.ts'
import type { NativeFrame, NativeRequest } from './nativeTrace.ts'

/** The deposit's slot is written, and no longer left as it is. EIP-2929 */
const chargeGas = 2_800n
/** Another entity has met the paymaster before. EIP-2929 */
const warmAccountGas = 2_500n
/** By how much the reckoning below may exceed what the EntryPoint spends: on the longest context. */
const roundingGas = 450n

/**
 * innerHandleOp is handed preOpGas, which is exact; how it falls to account and paymaster follows from what the
 * EntryPoint is known to spend around a paymaster that gave this `answer`. Each comes out a little too large rather
 * than too small.
 */
export function nativeGas(
  { execution, answer }: { execution: NativeFrame; answer: Hex },
  { paymaster, ...others }: Trace['phases'],
  { version, userOperation }: NativeRequest,
): ValidationGas {
  const total = version.preOpGas(execution.input) - userOperation.preVerificationGas
  if (paymaster === undefined || !version.hasPaymasterLimits) return { account: total, paymaster: 0n, total }
  const { gas, operationWord, contextWord } = version.paymasterOverhead
  // The facts hold no more of an output than can be right; the EntryPoint copies all of the context.
  const context = paymasterAnswer(answer)?.context ?? '0x'
  const contextWords = Math.ceil(size(context) / 32)
  const words =
    (encodedOperation(userOperation, version).bytes / 32) * operationWord +
    contextWords * contextWord +
    // The context is held twice, and memory becomes dearer the more there is.
    Math.ceil((2 * contextWords) ** 2 / 512)
  const overhead = BigInt(gas + words) + (userOperation.maxFeePerGas > 0n ? chargeGas : 0n)
  const isWarm = Object.values(others).some(phase => meets(phase, paymaster))
  return {
    account: total - paymaster.gasUsed - overhead + roundingGas + (isWarm ? warmAccountGas : 0n),
    paymaster: paymaster.gasUsed + overhead,
    total,
  }
}

function meets({ codeAccess, opcodes }: PhaseFacts, { entity }: PhaseFacts): boolean {
  // Whose balance was asked for is not told.
  return codeAccess[entity] !== undefined || opcodes.BALANCE !== undefined
}
