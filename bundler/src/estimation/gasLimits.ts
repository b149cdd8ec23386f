// From one generous run to the limits an operation should carry: what each phase needs, and a little to spare.
import { size } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { paymasterAnswer } from '../validation/validationData.ts'
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

/** ERC-7562 VALIDATION_GAS_SLACK [LIM-030] */
const verificationSlackGas = 4_000n
/** For a signature that is dearer than its stub. The simulation is dearer than the EntryPoint by 1,200 gas besides. */
const verificationMarginPercent = 1n
/** State may change until the operation lands; since v0.7 a tenth of what stays unused is fined, so not too much. */
const executionMarginPercent = 5n

/** SIG_VALIDATION_FAILED of ERC-4337. */
const signatureFailed = 1n
/** Eight words: some 330 gas above what the ComputePaymaster's context costs. */
const contextBytesOnceSigned = 256

export function gasLimitsFrom(
  simulation: Simulation & { ok: true },
  userOperation: UserOperation,
  version: EntryPointVersion,
): GasLimits {
  const { deployment, accountValidation, paymasterValidation, execution, postOperation } = simulation
  const postOperationGas = postOperation === undefined ? 0n : withMargin(requiredGas(postOperation))
  const callGasLimit = execution === undefined ? 0n : withMargin(requiredGas(execution))
  if (!version.hasPaymasterLimits) {
    const verificationGasLimit = withSlack(sharedVerificationGas(simulation))
    return {
      verificationGasLimit: largest([verificationGasLimit, postOperationGas]),
      callGasLimit,
      paymasterVerificationGasLimit: 0n,
      paymasterPostOpGasLimit: 0n,
    }
  }
  const paymasterGas =
    paymasterValidation === undefined
      ? 0n
      : usedGas(paymasterValidation) + gasAroundPaymaster(simulation, userOperation, version)
  // Each of deployment and validateUserOp is handed the whole limit, and together they must keep it.
  const accountGas = largest([
    simulation.verificationGas - paymasterGas,
    deployment === undefined ? 0n : requiredGas(deployment),
    requiredGas(accountValidation),
  ])
  const { paymasterVerificationGasLimit = 0n, paymasterPostOpGasLimit = 0n } = userOperation
  return {
    verificationGasLimit: withSlack(accountGas),
    callGasLimit,
    // What a paymaster's service gave, it knows best: a stub may take a shorter path than the final data.
    paymasterVerificationGasLimit:
      paymasterValidation === undefined
        ? 0n
        : largest([
            paymasterVerificationGasLimit,
            withSlack(paymasterGas),
            withSlack(requiredGas(paymasterValidation)),
          ]),
    paymasterPostOpGasLimit: largest([paymasterPostOpGasLimit, postOperationGas]),
  }
}

/** v0.6: the paymaster is handed what the account has left over, and postOp the whole limit again. */
function sharedVerificationGas(simulation: Simulation & { ok: true }): bigint {
  const { deployment, accountValidation, paymasterValidation, verificationGas } = simulation
  const reserve =
    paymasterValidation === undefined ? 0n : requiredGas(paymasterValidation) - usedGas(paymasterValidation)
  return largest([
    verificationGas + reserve,
    deployment === undefined ? 0n : requiredGas(deployment),
    requiredGas(accountValidation),
  ])
}

/**
 * Bytes that the paymaster's validation handed to postOp. A paymaster that turned a stub signature down
 * returned none, and may return some once it has signed: then enough for the paymasters in use is assumed.
 */
export function contextBytesOf({ paymasterValidation }: Simulation & { ok: true }): number {
  if (paymasterValidation?.output === undefined) return 0
  const answer = paymasterAnswer(paymasterValidation.output)
  // Validation refuses what it cannot read; the context is no longer than the whole answer.
  if (answer === undefined) return size(paymasterValidation.output)
  const refused = BigInt.asUintN(160, answer.word) === signatureFailed
  return refused ? Math.max(size(answer.context), contextBytesOnceSigned) : size(answer.context)
}

/** With the call itself, and a little for what the simulation cannot tell. */
function gasAroundPaymaster(
  simulation: Simulation & { ok: true },
  userOperation: UserOperation,
  version: EntryPointVersion,
): bigint {
  const { gas, operationWord, contextWord } = version.paymasterOverhead
  const operationWords = encodedOperation(userOperation, version).bytes / 32
  const contextWords = Math.ceil(contextBytesOf(simulation) / 32)
  return BigInt(gas + 2_960 + operationWords * (operationWord + 1) + contextWords * contextWord)
}

function withSlack(gas: bigint): bigint {
  return gas + (gas * verificationMarginPercent) / 100n + verificationSlackGas
}

function withMargin(gas: bigint): bigint {
  return gas + (gas * executionMarginPercent) / 100n
}
