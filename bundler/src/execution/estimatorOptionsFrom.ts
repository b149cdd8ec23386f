// Estimates are made under the rules that the verdicts are made under: what a judge knows suffices for both.
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import type { EstimatorOptions } from '../estimation/estimator.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import type { JudgeOptions } from '../validation/judge.ts'

export function estimatorOptionsFrom({
  entryPoint,
  entryPointVersion,
  limits,
  bundleSize,
  evm,
  isGuarded,
}: JudgeOptions): Omit<EstimatorOptions, 'tracer'> {
  const version = entryPointVersions[entryPointVersion]
  const preVerificationGas = createPreVerificationGas({ bundleSize, version, fork: evm.fork, isGuarded })
  return { entryPoint, version, limits, preVerificationGas }
}
