// Running out of gas in validation, even when the caller catches it: it lets code see the gas limit.
import { type Rule, violation } from './rule.ts'

// ERC-7562 [OP-020]
export const gasRules: Rule = phase =>
  phase.facts.outOfGas.slice(0, 1).map(contract =>
    violation(phase, {
      rule: 'OP-020',
      contract,
      message: `internally reverts on out of gas in ${contract}`,
      hint: `raise ${limitField[phase.role]}, and give inner calls all gas rather than a fixed amount`,
    }),
  )

const limitField = {
  sender: 'verificationGasLimit',
  factory: 'verificationGasLimit',
  paymaster: 'paymasterVerificationGasLimit',
} as const
