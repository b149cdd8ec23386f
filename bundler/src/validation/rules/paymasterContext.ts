// What a paymaster hands from its validation to its postOp.
import { size } from 'viem'
import { paymasterAnswer } from '../validationData.ts'
import { type Rule, violation } from './rule.ts'

export const paymasterContextRules: Rule = phase => {
  if (phase.role !== 'paymaster' || phase.facts.reverted) return []
  const answer = paymasterAnswer(phase.facts.output)
  const bytes = answer === undefined ? size(phase.facts.output) : size(answer.context)
  const { limits } = phase
  return [
    // ERC-7562 [LIM-020]
    ...(bytes > limits.maxContextBytes
      ? [
          violation(phase, {
            rule: 'LIM-020',
            message: `returns a context of ${bytes} bytes`,
            hint: `at most ${limits.maxContextBytes} bytes are taken`,
          }),
        ]
      : []),
    // ERC-7562 [EREP-050]
    ...(bytes > 0 && !phase.entity.isStaked && !limits.allowUnstakedPaymasterContext
      ? [
          violation(phase, {
            rule: 'EREP-050',
            message: 'is unstaked and must not return context',
            hint: 'stake the paymaster in the EntryPoint, or do without postOp',
            mendedByStake: true,
          }),
        ]
      : []),
  ]
}
