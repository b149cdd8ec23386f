// An operation that begins in a moment, or has begun since the last block, is no refusal: it is judged as of then.
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { failureCode } from './entryPointFailure.ts'
import { beginsWithin, type Horizon } from './horizon.ts'
import type { Trace } from './trace.ts'
import { accountValidation, intersection, paymasterValidation } from './validationData.ts'

/** The time, in seconds since the Unix epoch, at which the EntryPoint will take it; undefined if it is not soon. */
export function soonDue(
  { outcome, phases, block }: Trace,
  version: EntryPointVersion,
  horizon: Horizon,
): bigint | undefined {
  if (outcome.passed || outcome.stepLimit !== undefined) return undefined
  const failure = version.failureOf(outcome.revertData)
  if (failure === undefined || !['AA22', 'AA32'].includes(failureCode(failure))) return undefined
  const answers = [
    accountValidation(phases.sender?.output ?? '0x', version),
    paymasterValidation(phases.paymaster?.output ?? '0x', version),
  ].filter(answer => answer !== undefined)
  const period = intersection(answers)
  const dueAt = BigInt(period.validAfter) + (version.validAfterIsExclusive ? 1n : 0n)
  return dueAt > block.timestamp && beginsWithin(period, horizon) ? dueAt : undefined
}
