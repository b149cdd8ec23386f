// Did the simulated operation do what it was sent for? If not, why, in the words and codes of ERC-7769.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import { accept, type Result } from '@worldland-aa/service/result'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { failureCode, rejectFailure } from '../validation/entryPointFailure.ts'
import { reject } from '../validation/rejection.ts'
import { revertReason } from '../validation/revertReason.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { type CallFrame, starvedFrames } from './callFrame.ts'
import type { GasLimits } from './gasLimits.ts'
import type { Simulation } from './simulation.ts'

export function checkOutcome(
  simulation: Simulation,
  userOperation: UserOperation,
  version: EntryPointVersion,
): Result<Simulation & { ok: true }> {
  if (!simulation.ok) {
    const failure = version.failureOf(simulation.revertData)
    return rejectFailure(
      failure ?? {
        reason: 'AA23 reverted (an answer that is none)',
        inner: simulation.revertData,
        index: undefined,
      },
      userOperation,
    )
  }
  const { execution, inner } = simulation
  if (execution?.error !== undefined) return executionReverted(execution.output, starvedFrames(execution) > 0)
  if (inner.error !== undefined) return postOperationReverted(simulation, userOperation)
  return accept(simulation)
}

function executionReverted(output: `0x${string}` | undefined, starved: boolean): Result<never> {
  const revertData = output ?? '0x'
  const said = revertReason(revertData) ?? (starved ? 'out of gas' : undefined)
  return reject(
    rejectionCode.executionReverted,
    said === undefined ? 'execution reverted' : `execution reverted: ${said}`,
    {
      revertData,
      hint: starved
        ? 'a call of it takes all gas there is: check that it ends'
        : 'the calls of this operation fail on the current state: simulate them one by one',
    },
  )
}

function postOperationReverted(
  { postOperation }: Simulation & { ok: true },
  { paymaster }: UserOperation,
): Result<never> {
  const revertData = postOperation?.output ?? '0x'
  const said = revertReason(revertData)
  return reject(rejectionCode.paymaster, `AA50 postOp reverted${said === undefined ? '' : `: ${said}`}`, {
    entity: 'paymaster',
    ...(paymaster && { paymaster, address: paymaster }),
    revertData,
    hint: 'the paymaster cannot settle after these calls: raise paymasterPostOpGasLimit, or leave it the tokens it charges',
  })
}

/** Which limit was too low for `simulation` to run as `baseline` did; undefined if none was. */
export function tightLimit(
  simulation: Simulation,
  baseline: Simulation & { ok: true },
  version: EntryPointVersion,
): keyof GasLimits | undefined {
  const tight = tightPhase(simulation, baseline, version)
  if (version.hasPaymasterLimits || tight === undefined || tight === 'callGasLimit') return tight
  return 'verificationGasLimit'
}

function tightPhase(
  simulation: Simulation,
  baseline: Simulation & { ok: true },
  version: EntryPointVersion,
): keyof GasLimits | undefined {
  if (!simulation.ok) {
    const failure = version.failureOf(simulation.revertData)
    return failure !== undefined && failureCode(failure).startsWith('AA3')
      ? 'paymasterVerificationGasLimit'
      : 'verificationGasLimit'
  }
  const starved = (
    phase: 'deployment' | 'accountValidation' | 'paymasterValidation' | 'execution' | 'postOperation',
  ) => starvedIn(simulation[phase]) > starvedIn(baseline[phase])
  if (starved('deployment') || starved('accountValidation')) return 'verificationGasLimit'
  if (starved('paymasterValidation')) return 'paymasterVerificationGasLimit'
  if (simulation.execution?.error !== undefined || starved('execution')) return 'callGasLimit'
  if (simulation.inner.error !== undefined || starved('postOperation')) return 'paymasterPostOpGasLimit'
  return undefined
}

function starvedIn(frame: CallFrame | undefined): number {
  return frame === undefined ? 0 : starvedFrames(frame)
}
