// From one generous run to the limits an operation should carry: what each phase needs, and a little to spare.
import { decodeAbiParameters, size } from 'viem'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { requiredGas, usedGas } from './callFrame.ts'
import { encodedOperation } from './encodedOperation.ts'
import { largest } from './largest.ts'
import type { Simulation } from './simulation.ts'

export type GasLimits = {
  readonly verificationGasLimit: bigint
  readonly callGasLimit: bigint
  readonly paymasterVerificationGasLimit: bigint
  readonly paymasterPostOpGasLimit: bigint
}

/** ERC-7562 VALIDATION_GAS_SLACK [LIM-030], and as much again for a signature dearer than its stub. */
const verificationSlackGas = 6_000n
/** State may change until the operation lands; v0.7 fines a tenth of what stays unused, so not too much. */
const executionMarginPercent = 3n
const executionSlackGas = 1_000n

// What the EntryPoint of v0.7 spends around validatePaymasterUserOp, within the same limit: the deposit's
// slot, and copying the operation out and the context in. Found with the tracer of validation.
const paymasterOverheadGas = 10_100n
const operationWordGas = 4n
const contextWordGas = 78n

/** SIG_VALIDATION_FAILED of ERC-4337. */
const signatureFailed = 1n
/** Eight words: some 330 gas above what the ComputePaymaster's context costs. */
const contextBytesOnceSigned = 256

export function gasLimitsFrom(
  simulation: Simulation & { ok: true },
  userOperation: UserOperation,
): GasLimits {
  const { deployment, accountValidation, paymasterValidation, execution, postOperation } = simulation
  const paymasterGas =
    paymasterValidation === undefined
      ? 0n
      : usedGas(paymasterValidation) +
        paymasterOverheadGas +
        BigInt(encodedOperation(userOperation).bytes / 32) * operationWordGas +
        (BigInt(contextBytesOf(simulation) + 31) / 32n) * contextWordGas
  // Each of deployment and validateUserOp is handed the whole limit, and together they must keep it.
  const accountGas = largest([
    simulation.verificationGas - paymasterGas,
    deployment === undefined ? 0n : requiredGas(deployment),
    requiredGas(accountValidation),
  ])
  const { paymasterVerificationGasLimit = 0n, paymasterPostOpGasLimit = 0n } = userOperation
  return {
    verificationGasLimit: accountGas + verificationSlackGas,
    callGasLimit: execution === undefined ? 0n : withMargin(requiredGas(execution)),
    // What a paymaster's service gave, it knows best: a stub may take a shorter path than the final data.
    paymasterVerificationGasLimit:
      paymasterValidation === undefined
        ? 0n
        : largest([
            paymasterVerificationGasLimit,
            paymasterGas + verificationSlackGas,
            requiredGas(paymasterValidation) + verificationSlackGas,
          ]),
    paymasterPostOpGasLimit: largest([
      paymasterPostOpGasLimit,
      postOperation === undefined ? 0n : withMargin(requiredGas(postOperation)),
    ]),
  }
}

/**
 * Bytes that the paymaster's validation handed to postOp. A paymaster that turned a stub signature down
 * returned none, and may return some once it has signed: then enough for the paymasters in use is assumed.
 */
export function contextBytesOf({ paymasterValidation }: Simulation & { ok: true }): number {
  if (paymasterValidation?.output === undefined) return 0
  const [context, validationData] = decodeAbiParameters(
    [{ type: 'bytes' }, { type: 'uint256' }],
    paymasterValidation.output,
  )
  const refused = BigInt.asUintN(160, validationData) === signatureFailed
  return refused ? Math.max(size(context), contextBytesOnceSigned) : size(context)
}

function withMargin(gas: bigint): bigint {
  return gas + (gas * executionMarginPercent) / 100n + executionSlackGas
}
