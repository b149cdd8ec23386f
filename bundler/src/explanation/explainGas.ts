// The gas limits of an operation beside what its validation really takes.
import { size } from 'viem'
import type { Examined, JudgementOptions } from '../validation/judgement.ts'
import { paymasterValidation } from '../validation/validationData.ts'

export type GasLine = {
  readonly field: 'verificationGasLimit' | 'paymasterVerificationGasLimit' | 'preVerificationGas'
  readonly given: bigint
  /** Unknown when validation did not get that far; of preVerificationGas nobody meters any. */
  readonly used?: bigint
  /** The least that is taken. */
  readonly needed?: bigint
}

export function explainGas(
  { userOperation, trace: { outcome, phases } }: Examined,
  { limits, preVerificationGas, version }: JudgementOptions,
): readonly GasLine[] {
  const context = phases.paymaster && paymasterValidation(phases.paymaster.output, version)?.context
  const line = (field: GasLine['field'], used: bigint | undefined): GasLine => ({
    field,
    given: userOperation[field] ?? 0n,
    ...(used !== undefined && { used, needed: used + limits.verificationGasSlack }),
  })
  return [
    line('verificationGasLimit', outcome.passed ? outcome.gas.account : undefined),
    ...(userOperation.paymaster === undefined
      ? []
      : [line('paymasterVerificationGasLimit', outcome.passed ? outcome.gas.paymaster : undefined)]),
    {
      field: 'preVerificationGas',
      given: userOperation.preVerificationGas,
      needed: preVerificationGas.required(userOperation, {
        contextBytes: size(context ?? '0x'),
        ...(outcome.passed && { meteredGas: outcome.gas.total + version.leastExecutionGas(userOperation) }),
      }),
    },
  ]
}
